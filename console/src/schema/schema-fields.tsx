import { Button, TextInput } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { useWords } from "../words/words.ts";
import { CredentialInput } from "./credential-input.tsx";
import { type Draft, type DraftGroup, draftOf, draftsIn, isGiven, isGroup, textIn } from "./draft.ts";
import type { Field } from "./field.ts";
import { useProblems } from "./form-context.ts";
import type { InputProps } from "./input.ts";
import { at, problemBeside, problemWithin } from "./problems.ts";
import styles from "./schema.module.css";
import { ChoiceField, ChoicesField, FlagField, TextField } from "./simple-inputs.tsx";
import { withCode } from "./with-code.tsx";

interface SchemaFieldsProps {
  readonly fields: readonly Field[];
  readonly draft: DraftGroup;
  readonly onChange: (draft: DraftGroup) => void;
  /** JSON pointer of the object. */
  readonly pointer: string;
  /** Members of the object that others draw, with what is wrong with them. */
  readonly elsewhere?: readonly string[];
}

const nowhere: readonly string[] = [];

/** More fields than this that may be left out are folded away. */
const mostShown = 16;

/** The inputs of an object: those that must be filled in first. */
export function SchemaFields({ fields, draft, onChange, ...place }: SchemaFieldsProps) {
  const { pointer, elsewhere = nowhere } = place;
  const { schema } = useWords();
  const problems = useProblems();
  const [opened, setOpened] = useState(false);
  const drawn = fields.filter(({ kind }) => kind !== "constant");
  const optional = drawn.filter(({ required }) => !required);
  const folded = optional.length > mostShown ? optional.filter(({ kind }) => kind !== "credential") : [];
  const shown = drawn.filter((field) => !folded.includes(field));
  const problem = problemBeside(problems, pointer, [...fields.map(({ name }) => name), ...elsewhere]);
  const isWrong = folded.some(({ name }) => problemWithin(problems, at(pointer, name)) !== undefined);
  const input = (field: Field) => (
    <FieldInput
      key={field.name}
      field={field}
      draft={draft[field.name]}
      onChange={(value) => onChange({ ...draft, [field.name]: value })}
      pointer={at(pointer, field.name)}
    />
  );
  return (
    <div className={styles["fields"]}>
      {problem !== undefined && (
        <p className={styles["problem"]} role="alert">
          {problem}
        </p>
      )}
      {shown.map(input)}
      {folded.length > 0 && (
        <details
          className={styles["more"]}
          open={opened || isWrong}
          onToggle={(event) => setOpened(event.currentTarget.open)}
        >
          <summary>{schema.more(folded.length)}</summary>
          <div className={styles["fields"]}>{folded.map(input)}</div>
        </details>
      )}
    </div>
  );
}

/** The input that a field asks for. */
function FieldInput({ field, ...rest }: InputProps) {
  switch (field.kind) {
    case "text":
    case "number":
    case "lines":
    case "json":
      return <TextField field={field} {...rest} />;
    case "flag":
      return <FlagField field={field} {...rest} />;
    case "choice":
      return <ChoiceField field={field} {...rest} />;
    case "choices":
      return <ChoicesField field={field} {...rest} />;
    case "credential":
      return <CredentialInput field={field} {...rest} />;
    case "group":
      return <GroupField field={field} {...rest} />;
    case "entries":
      return <EntriesInput field={field} {...rest} />;
    case "pairs":
      return <PairsInput field={field} {...rest} />;
    case "constant":
      return null;
  }
}

function GroupField({ field, draft, onChange, pointer }: InputProps<"group">) {
  // Nothing has to be filled in within what may be left out as a whole.
  const isWanted = field.required || isGiven(field, draft);
  return (
    <fieldset className={styles["group"]}>
      <legend>{field.label}</legend>
      {field.help !== undefined && <p className={styles["help"]}>{withCode(field.help)}</p>}
      <SchemaFields
        fields={isWanted ? field.members : field.members.map((member) => ({ ...member, required: false }))}
        draft={isGroup(draft) ? draft : {}}
        onChange={onChange}
        pointer={pointer}
      />
    </fieldset>
  );
}

/** A list of objects. */
function EntriesInput({ field, draft, onChange, pointer }: InputProps<"entries">) {
  const { schema } = useWords();
  const drafts = draftsIn(draft);
  return (
    <Several
      field={field}
      pointer={pointer}
      onAdd={() => onChange([...drafts, draftOf(field.entry, undefined)])}
    >
      {drafts.map((one, index) => (
        <Row
          key={keyOf(index)}
          label={schema.entry(index + 1)}
          onRemove={() => onChange(without(drafts, index))}
        >
          <FieldInput
            field={{ ...field.entry, label: schema.entry(index + 1) }}
            draft={one}
            onChange={(value) => onChange(drafts.with(index, value))}
            pointer={at(pointer, index)}
          />
        </Row>
      ))}
    </Several>
  );
}

/** An object whose names are free. */
function PairsInput({ field, draft, onChange, pointer }: InputProps<"pairs">) {
  const { schema } = useWords();
  const pairs = draftsIn(draft).filter(isGroup);
  const names = pairs.map(({ name }) => textIn(name));
  const change = (index: number, value: Draft) =>
    onChange(pairs.with(index, value as (typeof pairs)[number]));
  return (
    <Several
      field={field}
      pointer={pointer}
      onAdd={() => onChange([...pairs, { name: "", value: draftOf(field.entry, undefined) }])}
    >
      {pairs.map((pair, index) => (
        <Row
          key={keyOf(index)}
          label={schema.entry(index + 1)}
          onRemove={() => onChange(without(pairs, index))}
        >
          <TextInput
            label={schema.name}
            value={textIn(pair["name"])}
            error={names.indexOf(textIn(pair["name"])) < index ? schema.twice : undefined}
            onChange={(event) => change(index, { ...pair, name: event.currentTarget.value })}
            spellCheck={false}
            required
          />
          <FieldInput
            field={{ ...field.entry, label: schema.value }}
            draft={pair["value"]}
            onChange={(value) => change(index, { ...pair, value })}
            pointer={at(pointer, textIn(pair["name"]))}
          />
        </Row>
      ))}
    </Several>
  );
}

interface SeveralProps {
  readonly field: Field;
  readonly pointer: string;
  readonly onAdd: () => void;
  readonly children: ReactNode;
}

function Several({ field, pointer, onAdd, children }: SeveralProps) {
  const { schema } = useWords();
  const problem = useProblems().get(pointer);
  return (
    <fieldset className={styles["group"]}>
      <legend>{field.label}</legend>
      {field.help !== undefined && <p className={styles["help"]}>{withCode(field.help)}</p>}
      {problem !== undefined && <p className={styles["problem"]}>{problem}</p>}
      {children}
      <div>
        <Button
          variant="default"
          size="compact-sm"
          aria-label={`${schema.add}: ${field.label}`}
          onClick={onAdd}
        >
          {schema.add}
        </Button>
      </div>
    </fieldset>
  );
}

interface RowProps {
  readonly label: string;
  readonly onRemove: () => void;
  readonly children: ReactNode;
}

function Row({ label, onRemove, children }: RowProps) {
  const { schema } = useWords();
  return (
    <div className={styles["fields"]}>
      {children}
      <div>
        <Button
          variant="subtle"
          size="compact-sm"
          aria-label={`${schema.remove}: ${label}`}
          onClick={onRemove}
        >
          {schema.remove}
        </Button>
      </div>
    </div>
  );
}

/** Rows hold no state of their own, so their place is name enough. */
function keyOf(index: number): string {
  return `row ${index}`;
}

function without<Item>(items: readonly Item[], index: number): readonly Item[] {
  return items.toSpliced(index, 1);
}
