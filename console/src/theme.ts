import { createTheme, type MantineThemeOverride } from "@mantine/core";

/** White on these shades of indigo has a contrast of 4.98 and more; lighter ones fail WCAG 1.4.3. */
export const theme: MantineThemeOverride = createTheme({
  primaryColor: "indigo",
  primaryShade: { light: 7, dark: 8 },
  autoContrast: true,
  defaultRadius: "md",
  cursorType: "pointer",
  colors: {
    dark: [
      "#eceef6",
      "#c9cede",
      "#a7aec4",
      "#7f869d",
      "#4a5066",
      "#323748",
      "#262a38",
      "#1b1e29",
      "#161923",
      "#12141c",
    ],
  },
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace',
  headings: { fontWeight: "650" },
});
