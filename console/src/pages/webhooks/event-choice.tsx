import { Checkbox, Radio } from "@mantine/core";
import { useWords } from "../../words/words.ts";
import { type Choice, withType } from "./choice.ts";
import styles from "./webhooks.module.css";

interface EventChoiceProps {
  readonly choice: Choice;
  readonly onChange: (choice: Choice) => void;
}

const kinds = ["all", "outcomes", "chosen"] as const;

/** All events, how verifications end, or types one by one. */
export function EventChoice({ choice, onChange }: EventChoiceProps) {
  const { events, webhooks } = useWords();
  const { add } = webhooks;
  const change = (value: string) => {
    const kind = kinds.find((one) => one === value);
    if (kind !== undefined) onChange({ ...choice, kind });
  };
  return (
    <>
      <Radio.Group label={add.events} value={choice.kind} onChange={change}>
        <div className={styles["choices"]}>
          {kinds.map((kind) => (
            <Radio key={kind} value={kind} label={add.choices[kind]} />
          ))}
        </div>
      </Radio.Group>
      {choice.kind === "chosen" && (
        <fieldset className={styles["types"]}>
          <legend>{add.types}</legend>
          {Object.entries(events).map(([type, title]) => (
            <Checkbox
              key={type}
              label={title}
              description={type}
              checked={choice.types.includes(type)}
              onChange={() => onChange(withType(choice, type))}
            />
          ))}
        </fieldset>
      )}
    </>
  );
}
