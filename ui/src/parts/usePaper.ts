import { useTranslation } from "react-i18next";
import type { PaperRef } from "../api/bindings";
import { useWrite } from "../api/call";
import { useToast } from "../components";

/** Prints a paper or saves it as a PDF, and says so. Which copy it is, the program knows. */
export function usePaper(paper: PaperRef) {
  const { t } = useTranslation();
  const toast = useToast();
  const print = useWrite("print.document");
  const pdf = useWrite("print.pdf");
  return {
    isPrinting: print.isPending,
    isSaving: pdf.isPending,
    print: (open_drawer = false) =>
      print.mutate(
        { paper, open_drawer },
        { onSuccess: () => toast.say(t("common.printed")), onError: toast.fail },
      ),
    savePdf: () =>
      pdf.mutate(
        { paper },
        {
          onSuccess: ({ path }) => toast.say(t("common.pdfSaved", { path })),
          onError: toast.fail,
        },
      ),
  };
}
