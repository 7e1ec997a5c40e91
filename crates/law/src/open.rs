//! The ways to a law.

use std::path::Path;

use crate::bundle::Bundle;
use crate::diagnostic::Diagnostic;
use crate::model::Law;
use crate::read;

impl Law {
    /// The law of a folder.
    ///
    /// # Errors
    /// Every mistake of every file, and the warnings.
    pub fn open(folder: impl AsRef<Path>) -> Result<Self, Vec<Diagnostic>> {
        Self::read(Bundle::from_dir(folder.as_ref()))
    }

    /// The law that is built into the program, whole.
    ///
    /// # Errors
    /// As for [`Law::open`]; a build whose tests passed has none.
    pub fn builtin() -> Result<Self, Vec<Diagnostic>> {
        Self::read(Bundle::builtin())
    }

    /// The law of a bundle.
    ///
    /// # Errors
    /// As for [`Law::open`].
    pub fn read(bundle: Bundle) -> Result<Self, Vec<Diagnostic>> {
        read::read(bundle, true)
    }

    /// Of the law that is built into the program what can bind an agency of a place: the vocabulary, the place's own law and that of the places above it.
    ///
    /// # Errors
    /// As for [`Law::open`].
    pub fn builtin_for(place: &str) -> Result<Self, Vec<Diagnostic>> {
        Self::read_for(Bundle::builtin(), place)
    }

    /// The same of any bundle. Overrides of norms that were not read are not looked up.
    ///
    /// # Errors
    /// As for [`Law::open`], of the files that were read.
    pub fn read_for(bundle: Bundle, place: &str) -> Result<Self, Vec<Diagnostic>> {
        read::read(bundle.only(place), false)
    }
}
