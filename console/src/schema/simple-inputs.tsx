import { Checkbox, NativeSelect, Switch, Textarea, TextInput } from "@mantine/core";
import { useWords } from "../words/words.ts";
import { draftsIn, textIn } from "./draft.ts";
import { fallbackText } from "./fallback.ts";
import type { Field } from "./field.ts";
import { useProblems } from "./form-context.ts";
import type { InputProps } from "./input.ts";
import { problemWithin } from "./problems.ts";
import styles from "./schema.module.css";
import { withCode } from "./with-code.tsx";

/** What all inputs say alike. */
function useSaid({ label, help, required }: Field, pointer: string) {
  const { schema } = useWords();
  const problem = problemWithin(useProblems(), pointer);
  return {
    label,
    description: withCode(help),
    required,
    error: problem && (schema.problems[problem] ?? problem),
  };
}

export function TextField({
  field,
  draft,
  onChange,
  pointer,
}: InputProps<"text" | "number" | "lines" | "json">) {
  const { schema } = useWords();
  const { description: _, ...said } = useSaid(field, pointer);
  const isLong = field.kind === "lines" || field.kind === "json" || (field.kind === "text" && field.long);
  const help = [field.help, field.kind === "lines" && schema.onePerLine].filter(Boolean).join(" ");
  const props = {
    ...said,
    description: withCode(help),
    placeholder: fallbackText(field.fallback),
    value: textIn(draft),
    spellCheck: false,
  };
  if (isLong) {
    return (
      <Textarea
        {...props}
        autosize
        minRows={2}
        maxRows={12}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    );
  }
  return (
    <TextInput
      {...props}
      inputMode={field.kind === "number" ? "decimal" : undefined}
      autoComplete="off"
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

export function FlagField({ field, draft, onChange, pointer }: InputProps<"flag">) {
  const said = useSaid(field, pointer);
  return (
    <Switch
      {...said}
      checked={typeof draft === "boolean" ? draft : field.fallback === true}
      onChange={(event) => onChange(event.currentTarget.checked)}
    />
  );
}

export function ChoiceField({ field, draft, onChange, pointer }: InputProps<"choice">) {
  const { schema } = useWords();
  const fallback = fallbackText(field.fallback);
  const none = fallback === undefined ? schema.notGiven : schema.usual(fallback);
  return (
    <NativeSelect
      {...useSaid(field, pointer)}
      data={[{ value: "", label: field.required ? schema.choose : none }, ...field.options]}
      value={textIn(draft)}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

/** Several of a list, in the order in which they were chosen. */
export function ChoicesField({ field, draft, onChange, pointer }: InputProps<"choices">) {
  const { schema } = useWords();
  const { description: _, ...said } = useSaid(field, pointer);
  const { help } = field;
  const chosen = draftsIn(draft).filter((one) => typeof one === "string");
  const fallback = fallbackText(field.fallback);
  const order = chosen.length > 1 ? schema.inOrder(chosen.join(", ")) : undefined;
  const unset = chosen.length === 0 && fallback !== undefined ? schema.usual(fallback) : undefined;
  return (
    <Checkbox.Group
      {...said}
      description={withCode([help, order, unset].filter(Boolean).join(" "))}
      value={chosen}
      onChange={onChange}
    >
      <div className={styles["choices"]}>
        {field.options.map((option) => (
          <Checkbox key={option} value={option} label={option} />
        ))}
      </div>
    </Checkbox.Group>
  );
}
