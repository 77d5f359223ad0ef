import { Banner } from "./FailureBanner";
import { type Sentence, useSentence } from "./problem";

/** What a person should know, a banner for each sentence. */
export function Notes({ said, tone = "warn" }: { said: Sentence[]; tone?: "warn" | "danger" }) {
  const sentence = useSentence();
  return said.map((one) => (
    <Banner key={one.message} tone={tone}>
      {sentence(one)}
    </Banner>
  ));
}
