import type { Draft } from "./draft.ts";
import type { Field, FieldKind, FieldOf } from "./field.ts";

/** What every input of a form takes. */
export interface InputProps<Kind extends FieldKind = FieldKind> {
  readonly field: Kind extends FieldKind ? FieldOf<Kind> : Field;
  readonly draft: Draft;
  readonly onChange: (draft: Draft) => void;
  /** JSON pointer of the value, as the server names it. */
  readonly pointer: string;
}
