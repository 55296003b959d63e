import { Button, Menu, useMantineColorScheme } from "@mantine/core";
import { type ReactNode, useEffect, useRef } from "react";
import { NavLink, useLocation } from "react-router";
import { useLive } from "../live/live.tsx";
import { Mark } from "../parts/icons.tsx";
import { useSession } from "../session/session.tsx";
import { useWords } from "../words/words.ts";
import styles from "./frame.module.css";

/** What stays while pages change: the name, the pages, the state of the live feed, and the menu. */
export function Frame({ children }: { readonly children: ReactNode }) {
  const { app } = useWords();
  return (
    <div className={styles["frame"]}>
      <a className={styles["skip"]} href="#content">
        {app.skip}
      </a>
      <header className={styles["header"]}>
        <span className={styles["brand"]}>
          <Mark />
          {app.name}
        </span>
        <Navigation />
        <Connection />
        <PageMenu />
      </header>
      <main id="content" className={styles["content"]} tabIndex={-1}>
        {children}
      </main>
    </div>
  );
}

function Navigation() {
  const { app } = useWords();
  const { pathname } = useLocation();
  const line = useRef<HTMLElement>(null);
  useEffect(() => {
    // Where the line is longer than the screen, the page that is open stands in sight.
    if (pathname !== "") line.current?.querySelector(".active")?.scrollIntoView(inSight);
  }, [pathname]);
  const pages = [
    { to: "/try", name: app.pages.tryIt },
    { to: "/phone", name: app.pages.phone },
    { to: "/feed", name: app.pages.feed },
    { to: "/people", name: app.pages.people },
    { to: "/why", name: app.pages.why },
    { to: "/providers", name: app.pages.providers },
    { to: "/publications", name: app.pages.publications },
    { to: "/webhooks", name: app.pages.webhooks },
  ];
  return (
    <nav ref={line} className={styles["pages"]} aria-label={app.name}>
      {pages.map(({ to, name }) => (
        <NavLink key={to} to={to} className={styles["page"] ?? ""}>
          {name}
        </NavLink>
      ))}
    </nav>
  );
}

const inSight: ScrollIntoViewOptions = { inline: "center", block: "nearest" };

function Connection() {
  const { app } = useWords();
  const { snapshot, reopen } = useLive();
  const { connection } = snapshot;
  return (
    <div className={styles["connection"]} role="status" data-state={connection}>
      <span className={styles["dot"]} aria-hidden="true" />
      <span className={styles["state"]}>{app.connection[connection]}</span>
      {connection === "failed" && (
        <Button size="compact-xs" variant="subtle" onClick={reopen}>
          {app.again}
        </Button>
      )}
    </div>
  );
}

const schemes = ["auto", "light", "dark"] as const;

function PageMenu() {
  const { app } = useWords();
  const { signOut } = useSession();
  // Without this, Mantine would write a style element for the moment of the change.
  const { colorScheme, setColorScheme } = useMantineColorScheme({ keepTransitions: true });
  return (
    <Menu position="bottom-end" width={220} withinPortal>
      <Menu.Target>
        <Button variant="default" size="sm" className={styles["menu"] ?? ""}>
          {app.menu}
        </Button>
      </Menu.Target>
      <Menu.Dropdown aria-label={app.menu}>
        <Menu.Label>{app.theme}</Menu.Label>
        {schemes.map((scheme) => (
          <Menu.Item
            key={scheme}
            onClick={() => setColorScheme(scheme)}
            rightSection={colorScheme === scheme ? "✓" : undefined}
          >
            {app.themes[scheme]}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item onClick={signOut}>{app.signOut}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
