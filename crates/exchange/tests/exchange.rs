//! What comes in and goes out, on the sample workspace and on whatever chance makes up: one binary, so that it links once.

#[cfg(test)]
#[path = "exchange/support.rs"]
mod support;

#[cfg(test)]
#[path = "exchange/german_file.rs"]
mod german_file;

#[cfg(test)]
#[path = "exchange/hostile.rs"]
mod hostile;

#[cfg(test)]
#[path = "exchange/json_restore.rs"]
mod json_restore;

#[cfg(test)]
#[path = "exchange/round_trip.rs"]
mod round_trip;

#[cfg(test)]
#[path = "exchange/spreadsheet.rs"]
mod spreadsheet;

#[cfg(test)]
#[path = "exchange/tables.rs"]
mod tables;
