//! What comes in and goes out, on the sample workspace and on whatever chance makes up.

mod german_file;
mod hostile;
mod json_restore;
mod round_trip;
mod spreadsheet;
mod support;
mod tables;
