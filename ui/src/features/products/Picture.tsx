import { ImageOff } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useRead, useWrite } from "../../api/call";
import { Banner, Button, FileField, Section, Skeleton, useToast } from "../../components";
import css from "./Products.module.css";
import { readPicture } from "./picture";
import type { Form } from "./useEditor";

const KINDS = ["image/png", "image/jpeg", "image/webp"];

/** The photo of the product. It is kept at once; the product names it when it is saved. */
export function Picture({ form }: { form: Form }) {
  const { draft, change, isFixed } = form;
  const { t } = useTranslation();
  const toast = useToast();
  const [isUnreadable, setUnreadable] = useState(false);
  const put = useWrite("catalogue.put_image");
  const take = async (file: File) => {
    setUnreadable(false);
    const data = await readPicture(file).catch(() => null);
    if (data === null) return setUnreadable(true);
    put.mutate(
      { data },
      { onSuccess: ({ image_hash }) => change({ image_hash }), onError: toast.fail },
    );
  };
  return (
    <Section title={t("products.picture")}>
      {isUnreadable && <Banner tone="danger">{t("products.pictureUnreadable")}</Banner>}
      <div className={css.picture}>
        {draft.image_hash && <Shown hash={draft.image_hash} name={draft.name} />}
        {!isFixed && (
          <FileField
            label={t("products.pictureChoose")}
            help={t("products.pictureHelp")}
            accept={KINDS}
            onFile={(file) => void take(file)}
            testId="product-picture"
          />
        )}
      </div>
      {draft.image_hash && !isFixed && (
        <div>
          <Button
            size="small"
            icon={<ImageOff />}
            isPending={put.isPending}
            onPress={() => change({ image_hash: null })}
          >
            {t("common.remove")}
          </Button>
        </div>
      )}
    </Section>
  );
}

function Shown({ hash, name }: { hash: string; name: string }) {
  const { t } = useTranslation();
  const image = useRead("catalogue.image", { image_hash: hash });
  if (image.error) return <ImageOff aria-label={t("products.pictureOf", { name })} />;
  if (!image.data) return <Skeleton rows={3} />;
  const { mime, data } = image.data;
  return <img src={`data:${mime};base64,${data}`} alt={t("products.pictureOf", { name })} />;
}
