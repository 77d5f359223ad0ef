import { FileUp } from "lucide-react";
import { useEffect, useEffectEvent } from "react";
import { toFailure } from "../api/failure";
import { type FileFilter, transport } from "../api/transport";
import { Button, Field, useToast } from "../components";
import css from "./PathField.module.css";

/**
 * Where a file lies on this machine: chosen, dropped anywhere on the window, or typed. The program
 * reads it from there, so that a large one never passes through the window.
 */
export function PathField(props: {
  /** Under which a refusal names it. */
  name?: string;
  label: string;
  help: string;
  chooseLabel: string;
  filter: FileFilter;
  value: string;
  onChange: (path: string) => void;
  /** Chosen or dropped: the person is done with this field. */
  onChosen: (path: string) => void;
  testId?: string;
}) {
  const {
    name = "path",
    label,
    help,
    chooseLabel,
    filter,
    value,
    onChange,
    onChosen,
    testId,
  } = props;
  const toast = useToast();
  const dropped = useEffectEvent((paths: string[]) => {
    if (paths[0]) onChosen(paths[0]);
  });
  useEffect(() => transport().drops?.((paths) => dropped(paths)), []);
  const { chooseFile } = transport();
  const choose = () => {
    chooseFile?.(filter).then(
      (path) => path && onChosen(path),
      (thrown) => toast.fail(toFailure(thrown)),
    );
  };
  return (
    <div className={css.zone}>
      <FileUp aria-hidden="true" />
      <p>{help}</p>
      {chooseFile && (
        <Button tone="accent" onPress={choose} {...(testId ? { testId: `${testId}-choose` } : {})}>
          {chooseLabel}
        </Button>
      )}
      <div className={css.path}>
        <Field
          name={name}
          label={label}
          value={value}
          onChange={onChange}
          autoFocus
          {...(testId ? { testId } : {})}
        />
      </div>
    </div>
  );
}
