use leptos::prelude::*;
pub(crate) fn objectives() -> AnyView {
    ().into_any()
}
