import { useTranslation } from "react-i18next";
import { type Args, type Name, useWrite } from "../api/call";
import { useToast } from "../components";

/** Saves what a dialog holds, says so and closes it; a refusal stays with its form. */
export function useSave<N extends Name>(name: N, onClose: () => void) {
  const { t } = useTranslation();
  const toast = useToast();
  const write = useWrite(name);
  return {
    /** For `EditDialog`. */
    saving: { isPending: write.isPending, problem: write.error },
    save: (args: Args<N>) =>
      write.mutate(args, {
        onSuccess: () => {
          toast.say(t("common.saved"));
          onClose();
        },
      }),
  };
}
