import { useWrite } from "../api/call";
import { useToast } from "../components";
import { type Language, setLanguage } from "../text";

/** Changes the language at once, and keeps it with the person: it comes back when they sign in. */
export function useLanguage(): (language: Language) => void {
  const toast = useToast();
  const save = useWrite("users.set_language");
  return (language) => {
    setLanguage(language);
    save.mutate({ language }, { onError: toast.fail });
  };
}
