import type { PreviewLine } from "../api/bindings";
import css from "./Paper.module.css";

/** Dots of a printer for 80 mm rolls, across. */
const ROLL_DOTS = 576;

/** A strip of paper on the screen: the same rows the printer gets. */
export function Paper({ lines, label }: { lines: readonly PreviewLine[]; label: string }) {
  return (
    <section className={css.paper} aria-label={label} data-selectable>
      {lines.map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a printed line is its place on the paper
        <Line key={index} line={line} />
      ))}
    </section>
  );
}

function Line({ line }: { line: PreviewLine }) {
  switch (line.kind) {
    case "text":
      return <p className={`${css[line.style]} ${line.centred ? css.centred : ""}`}>{line.text}</p>;
    case "pair":
      return (
        <p className={`${css.pair} ${css[line.style]} ${line.indented ? css.indented : ""}`}>
          <span>{line.left}</span>
          <span className={css.figure}>
            {line.right}
            {line.mark && <span className={css.mark}>{line.mark}</span>}
          </span>
        </p>
      );
    case "table":
      return (
        <table className={`${css.table} ${css[line.style]}`}>
          {line.head.length > 0 && (
            <thead>
              <tr>
                {line.head.map((cell) => (
                  <th key={cell} scope="col">
                    {cell}
                  </th>
                ))}
              </tr>
            </thead>
          )}
          <tbody>
            {line.rows.map((cells, row) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: printed rows never move
              <tr key={row}>
                {cells.map((cell, column) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: printed cells never move
                  <td key={column}>{cell}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      );
    case "rule":
      return <hr className={line.heavy ? css.heavy : css.rule} />;
    case "gap":
      return <div className={css.gap} />;
    case "stamp":
      return <p className={css.stamp}>{line.text}</p>;
    case "code":
      return (
        <figure className={css.code}>
          <Modules {...line} />
          {line.caption && <figcaption>{line.caption}</figcaption>}
        </figure>
      );
    case "picture":
      return (
        <figure className={css.code}>
          <Dots modules={line.modules} />
        </figure>
      );
    case "signature":
      return <p className={css.signature}>{line.label}</p>;
  }
}

/** Bars are as high as a third of the paper's width; the modules of a QR code are square. */
function Modules({ modules, bars, text }: { modules: string[]; bars: boolean; text: string }) {
  const width = modules[0]?.length ?? 0;
  const height = bars ? Math.ceil(width / 4) : modules.length;
  const path = modules
    .flatMap((row, y) =>
      [...row].map((module, x) => (module === "1" ? `M${x} ${y}h1v${bars ? height : 1}h-1z` : "")),
    )
    .join("");
  return (
    <svg
      viewBox={`0 0 ${width} ${height}`}
      className={bars ? css.bars : css.qr}
      shapeRendering="crispEdges"
      role="img"
      aria-label={text}
    >
      <path d={path} fill="currentcolor" />
    </svg>
  );
}

/** A picture as its dots: as wide on the screen as it is on the roll. */
function Dots({ modules }: { modules: string[] }) {
  const width = modules[0]?.length ?? 0;
  const path = modules
    .flatMap((row, y) =>
      [...row.matchAll(/1+/g)].map(
        ({ index, 0: run }) => `M${index} ${y}h${run.length}v1h-${run.length}z`,
      ),
    )
    .join("");
  return (
    <svg
      viewBox={`0 0 ${width} ${modules.length}`}
      style={{ width: `${Math.min(100, (width / ROLL_DOTS) * 100)}%` }}
      shapeRendering="crispEdges"
      aria-hidden="true"
    >
      <path d={path} fill="currentcolor" />
    </svg>
  );
}
