import { NativeSelect } from "@mantine/core";
import { Problem } from "../../parts/notes.tsx";
import { useApps } from "../publications/use-publications.ts";

interface PublicationChoiceProps {
  readonly label: string;
  /** What it says when no publication is chosen. */
  readonly none: string;
  /** Id; empty: none. */
  readonly chosen: string;
  readonly onChange: (id: string) => void;
}

/** One publication of any app, or none. */
export function PublicationChoice({ label, none, chosen, onChange }: PublicationChoiceProps) {
  const apps = useApps();
  const options = (apps.data ?? []).flatMap(({ app, publications }) =>
    publications.map(({ id, name }) => ({ value: id, label: `${app.name}: ${name}` })),
  );
  return (
    <>
      <NativeSelect
        label={label}
        data={[{ value: "", label: none }, ...options]}
        value={chosen}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      {apps.error && <Problem error={apps.error} again={() => void apps.refetch()} />}
    </>
  );
}
