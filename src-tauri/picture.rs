//! A secret as a picture: the page shows it, but none of its characters ever enter the page (security P24).

use ab_glyph::{Font, FontRef, Glyph, InvalidFont, PxScale, ScaleFont, point};
use epaint_default_fonts::HACK_REGULAR;
use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

/// Picture pixels to one CSS pixel: crisp on dense screens too.
const DENSITY: u32 = 2;
/// Height of the letters in picture pixels: 16 CSS pixels.
const LETTERS: f32 = 32.0;
const LINE: u32 = 52;
const MARGIN: u32 = 20;
/// Entra's secrets have 40 characters and stand on one line.
const LONGEST_LINE: usize = 44;
const LONGEST_SECRET: usize = 1_024;

/// The picture of a secret, as PNG. Wiped from memory when it goes.
pub struct Picture {
    /// The file's bytes.
    pub png: Zeroizing<Vec<u8>>,
    /// Width in CSS pixels.
    pub width: u32,
    /// Height in CSS pixels.
    pub height: u32,
}

/// A secret cannot be drawn.
#[derive(Debug, thiserror::Error)]
pub enum PictureError {
    /// There is nothing in it.
    #[error("the secret is empty")]
    Empty,
    /// More than fits.
    #[error("the secret has more than {LONGEST_SECRET} characters")]
    TooLong,
    /// The letters that come with the app cannot be read.
    #[error(transparent)]
    Letters(#[from] InvalidFont),
    /// The picture cannot be written.
    #[error("the picture cannot be written: {0}")]
    File(#[from] png::EncodingError),
}

#[derive(Clone, Copy)]
struct Shades {
    ground: u8,
    ink: u8,
}

/// Draws `secret` in one line, or evenly in several when it is long.
///
/// # Errors
/// When it is empty or longer than any secret of Entra's.
pub fn draw(secret: &SecretString, dark: bool) -> Result<Picture, PictureError> {
    // Fluent's card grounds and first text colour, which are greys.
    let shades = if dark { Shades { ground: 0x29, ink: 0xff } } else { Shades { ground: 0xff, ink: 0x24 } };
    let count = secret.expose_secret().chars().count();
    if count == 0 {
        return Err(PictureError::Empty);
    }
    if count > LONGEST_SECRET {
        return Err(PictureError::TooLong);
    }
    let lines = count.div_ceil(LONGEST_LINE);
    let columns = count.div_ceil(lines);

    let font = FontRef::try_from_slice(HACK_REGULAR)?;
    let letters = font.as_scaled(PxScale::from(LETTERS));
    let advance = letters.h_advance(font.glyph_id('0')).ceil();
    let even = |length: u32| length.next_multiple_of(DENSITY);
    let width = even(advance as u32 * columns as u32 + 2 * MARGIN);
    let height = even(LINE * lines as u32 + 2 * MARGIN);
    // Letters stand in the middle of their line.
    let rise = (LINE as f32 - letters.height()) / 2.0 + letters.ascent();

    let mut canvas = Canvas {
        shades: Zeroizing::new(vec![shades.ground; (width * height) as usize]),
        width,
        ink: shades.ink,
        ground: shades.ground,
    };
    for (place, letter) in secret.expose_secret().chars().enumerate() {
        let (line, column) = (place / columns, place % columns);
        let x = MARGIN as f32 + advance * column as f32;
        let y = MARGIN as f32 + (LINE as usize * line) as f32 + rise;
        canvas.letter(&font, font.glyph_id(letter).with_scale_and_position(LETTERS, point(x, y)));
    }
    Ok(Picture { png: file(&canvas, width, height)?, width: width / DENSITY, height: height / DENSITY })
}

struct Canvas {
    shades: Zeroizing<Vec<u8>>,
    width: u32,
    ink: u8,
    ground: u8,
}

impl Canvas {
    fn letter(&mut self, font: &FontRef<'_>, glyph: Glyph) {
        let Some(outline) = font.outline_glyph(glyph) else { return };
        let bounds = outline.px_bounds();
        let (left, top) = (bounds.min.x as u32, bounds.min.y as u32);
        outline.draw(|x, y, cover| {
            let x = left + x;
            if x >= self.width {
                return;
            }
            if let Some(shade) = self.shades.get_mut(((top + y) * self.width + x) as usize) {
                let (ground, ink) = (f32::from(self.ground), f32::from(self.ink));
                *shade = (ground + (ink - ground) * cover.clamp(0.0, 1.0)).round() as u8;
            }
        });
    }
}

fn file(canvas: &Canvas, width: u32, height: u32) -> Result<Zeroizing<Vec<u8>>, PictureError> {
    // Room for all of it at once: a buffer that grows leaves copies behind that nobody wipes.
    let mut bytes = Zeroizing::new(Vec::with_capacity(canvas.shades.len() + 4_096));
    let mut encoder = png::Encoder::new(&mut *bytes, width, height);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&canvas.shades)?;
    writer.finish()?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(secret: &str, dark: bool) -> (Picture, Vec<u8>) {
        let picture = draw(&SecretString::from(secret), dark).expect("a picture");
        let mut reader = png::Decoder::new(std::io::Cursor::new(picture.png.to_vec())).read_info().expect("a PNG");
        let mut shades = vec![0; reader.output_buffer_size().expect("a size")];
        let info = reader.next_frame(&mut shades).expect("a frame");
        assert_eq!((info.width, info.height), (picture.width * DENSITY, picture.height * DENSITY));
        (picture, shades)
    }

    const SECRET: &str = "Zq8~aB3.dE5_fG7-hJ9kL1mN0pQ2rS4tU6vW8xY0";

    #[test]
    fn what_is_drawn_depends_on_every_character() {
        let (_, first) = drawn(SECRET, false);
        for place in 0..SECRET.len() {
            let mut other = SECRET.to_owned();
            other.replace_range(place..=place, "#");
            assert_ne!(first, drawn(&other, false).1, "character {place} cannot be seen");
        }
    }

    #[test]
    fn letters_that_look_alike_differ() {
        let pictures: Vec<_> = ["0", "O", "o", "1", "l", "I", "|"].iter().map(|one| drawn(one, false).1).collect();
        for (place, one) in pictures.iter().enumerate() {
            assert!(!pictures[place + 1..].contains(one));
        }
    }

    #[test]
    fn the_file_does_not_hold_the_text() {
        let (picture, _) = drawn(SECRET, true);
        let holds = |part: &str| picture.png.windows(part.len()).any(|window| window == part.as_bytes());
        assert!(holds("IHDR"), "the search finds what is there");
        assert!(!holds(&SECRET[..6]) && !holds(&SECRET[20..26]));
    }

    #[test]
    fn dark_and_light_have_strong_contrast() {
        for (dark, ground, ink) in [(false, 0xff, 0x24), (true, 0x29, 0xff)] {
            let (_, shades) = drawn(SECRET, dark);
            assert_eq!(shades[0], ground);
            assert!(shades.contains(&ink), "some pixel is all ink");
            assert!(shades.iter().any(|shade| *shade != ground && *shade != ink), "edges are smooth");
        }
    }

    #[test]
    fn a_long_secret_stands_in_two_lines() {
        let (one, _) = drawn(&"x".repeat(44), false);
        let (two, _) = drawn(&"x".repeat(60), false);
        assert!(two.height > one.height && two.width < one.width);
    }

    #[test]
    fn characters_off_the_font_and_marks_do_no_harm() {
        let (_, shades) = drawn("a\u{0}\u{202e}\u{1f511}é", false);
        assert!(shades.iter().any(|shade| *shade != 0xff));
    }

    #[test]
    fn nothing_and_too_much_are_refused() {
        assert!(matches!(draw(&SecretString::from(""), false), Err(PictureError::Empty)));
        assert!(matches!(draw(&SecretString::from("x".repeat(1_025)), false), Err(PictureError::TooLong)));
    }
}
