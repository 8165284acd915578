#![no_main]
hostile_fuzz::target!();
