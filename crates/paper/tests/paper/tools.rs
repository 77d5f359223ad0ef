//! Programs which read what we print: poppler for PDF, zbar for codes.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// Runs a program over its input; a missing one says what to install.
fn run(program: &str, package: &str, args: &[&str], input: &[u8]) -> String {
    let child = Command::new(program)
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut child = match child {
        Ok(child) => child,
        Err(error) => panic!("the test reads paper with {program}: install {package} ({error})"),
    };
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    let writer = std::thread::spawn(move || stdin.write_all(&input));
    let output = child.wait_with_output().unwrap();
    // A program that has seen enough may close its input early.
    let _ = writer.join().unwrap();
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The text of a PDF as it lies on the page.
pub fn pdf_text(pdf: &[u8]) -> String {
    run("pdftotext", "poppler-utils", &["-layout", "-", "-"], pdf)
}

/// The text of a PDF in reading order, white space made plain.
pub fn pdf_words(pdf: &[u8]) -> String {
    let text = run("pdftotext", "poppler-utils", &["-", "-"], pdf);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A word of a page with the place of its edges in points.
#[derive(Debug, Clone)]
pub struct Word {
    pub text: String,
    pub left: f64,
    pub right: f64,
}

/// Every word of a PDF with its place.
pub fn pdf_places(pdf: &[u8]) -> Vec<Word> {
    let page = run("pdftotext", "poppler-utils", &["-bbox", "-", "-"], pdf);
    let number = |line: &str, key: &str| -> f64 {
        let (_, rest) = line.split_once(&format!("{key}=\"")).unwrap();
        rest.split_once('"').unwrap().0.parse().unwrap()
    };
    page.lines()
        .filter(|line| line.trim_start().starts_with("<word"))
        .map(|line| Word {
            text: line.split_once('>').unwrap().1.split_once("</word>").unwrap().0.to_owned(),
            left: number(line, "xMin"),
            right: number(line, "xMax"),
        })
        .collect()
}

/// What `pdfinfo` says about a PDF.
pub fn pdf_info(pdf: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("paper.pdf");
    std::fs::write(&path, pdf).unwrap();
    run("pdfinfo", "poppler-utils", &[path.to_str().unwrap()], &[])
}

/// The codes on the first page of a PDF, as a scanner reads them: `kind:text`.
pub fn pdf_codes(pdf: &[u8], dots_per_inch: u32) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let picture = folder.path().join("page");
    let stem = picture.to_str().unwrap();
    let resolution = dots_per_inch.to_string();
    let args = ["-gray", "-singlefile", "-r", &resolution, "-", stem];
    run("pdftoppm", "poppler-utils", &args, pdf);
    scan(&folder.path().join("page.pgm"))
}

/// The codes in a picture.
pub fn scan(picture: &Path) -> Vec<String> {
    let args = ["-q", picture.to_str().unwrap()];
    let mut codes: Vec<String> =
        run("zbarimg", "zbar-tools", &args, &[]).lines().map(str::to_owned).collect();
    codes.sort();
    codes
}
