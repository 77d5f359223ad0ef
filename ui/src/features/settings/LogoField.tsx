import { ImageOff } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Logo } from "../../api/bindings";
import { Banner, Button, FileField } from "../../components";
import { readLogo } from "../../parts/logo";

const KINDS = ["image/png", "image/jpeg", "image/webp"];

/** The logo of the shop, in black and white as printers have it. It is kept with the form. */
export function LogoField(props: { logo: Logo | null; onChange: (logo: Logo | null) => void }) {
  const { logo, onChange } = props;
  const { t } = useTranslation();
  const [isUnreadable, setUnreadable] = useState(false);
  const take = async (file: File) => {
    setUnreadable(false);
    const read = await readLogo(file).catch(() => null);
    if (read) onChange(read);
    else setUnreadable(true);
  };
  return (
    <>
      {isUnreadable && <Banner tone="danger">{t("products.pictureUnreadable")}</Banner>}
      <FileField
        label={t("settings.receipt.logoChoose")}
        help={t("settings.receipt.logoHelp")}
        accept={KINDS}
        onFile={(file) => void take(file)}
        testId="receipt-logo"
      />
      {logo && (
        <div>
          <Button size="small" icon={<ImageOff />} onPress={() => onChange(null)}>
            {t("settings.receipt.logoRemove")}
          </Button>
        </div>
      )}
    </>
  );
}
