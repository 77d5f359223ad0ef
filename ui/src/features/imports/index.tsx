import { useRoute } from "../../router";
import { ImportList } from "./ImportList";
import { JobPage } from "./JobPage";
import { isKind } from "./mapping";
import { Wizard } from "./Wizard";

/** Bringing in what other programs hold: what was imported, a new import, one that is running. */
export default function Imports() {
  const [, at, which] = useRoute().path;
  if (at === "new" && isKind(which)) return <Wizard key={which} kind={which} />;
  if (at === "job" && which) return <JobPage key={which} jobId={which} />;
  return <ImportList />;
}
