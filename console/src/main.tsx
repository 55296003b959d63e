import "@mantine/core/styles.css";
import "virtual:theme.css";
import "./page.css";
import { MantineProvider } from "@mantine/core";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { BrowserRouter } from "react-router";
import { SessionProvider } from "./session/session.tsx";
import { Frame } from "./shell/frame.tsx";
import { Pages } from "./shell/pages.tsx";
import { theme } from "./theme.ts";
import { WordsContext, wordsFor } from "./words/words.ts";

const words = wordsFor(navigator.languages);
document.documentElement.lang = words.language;

const root = document.getElementById("root");
if (root === null) throw new Error("The page has no place for the console.");

// The variables stand in a file and no global classes are made: nothing inline, as the content security policy asks.
createRoot(root).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      defaultColorScheme="auto"
      withCssVariables={false}
      withGlobalClasses={false}
    >
      <WordsContext value={words}>
        <BrowserRouter basename="/console">
          <SessionProvider>
            <Frame>
              <Pages />
            </Frame>
          </SessionProvider>
        </BrowserRouter>
      </WordsContext>
    </MantineProvider>
  </StrictMode>,
);
