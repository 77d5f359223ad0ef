import { FileUp } from "lucide-react";
import { DropZone, FileTrigger, isFileDropItem } from "react-aria-components";
import { Button } from "./Button";
import css from "./FileField.module.css";

/** A file, chosen or dropped here. */
export function FileField(props: {
  label: string;
  help: string;
  accept: string[];
  onFile: (file: File) => void;
  testId?: string;
}) {
  const { label, help, accept, onFile, testId } = props;
  return (
    <DropZone
      className={css.zone ?? ""}
      onDrop={async (event) => {
        const item = event.items.find(isFileDropItem);
        if (item) onFile(await item.getFile());
      }}
    >
      <FileUp aria-hidden="true" />
      <p>{help}</p>
      <FileTrigger acceptedFileTypes={accept} onSelect={(files) => files?.[0] && onFile(files[0])}>
        <Button {...(testId ? { testId } : {})}>{label}</Button>
      </FileTrigger>
    </DropZone>
  );
}
