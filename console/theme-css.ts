import {
  convertCssVariables,
  DEFAULT_THEME,
  defaultCssVariablesResolver,
  mergeMantineTheme,
} from "@mantine/core";
import type { Plugin } from "vite";
import { theme } from "./src/theme.ts";

const name = "virtual:theme.css";
const resolved = `\0${name}`;

/**
 * The theme's variables as a file. Mantine would write them into a style element at run time, which the content security
 * policy of the console does not allow.
 */
export function themeCss(): Plugin {
  return {
    name: "countersign-theme-css",
    resolveId: (id) => (id === name ? resolved : undefined),
    load: (id) => (id === resolved ? cssOfTheme() : undefined),
  };
}

export function cssOfTheme(): string {
  const variables = defaultCssVariablesResolver(mergeMantineTheme(DEFAULT_THEME, theme));
  return convertCssVariables(
    {
      variables: variables.variables,
      light: { ...variables.light, "--mantine-color-scheme": "light" },
      dark: { ...variables.dark, "--mantine-color-scheme": "dark" },
    },
    ":root",
  );
}
