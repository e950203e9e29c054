//! Numbers by name.

use std::ops::Index;

use serde::ser::{Serialize, SerializeMap, Serializer};

/// A few numbers by name, in the order of their names. (A `BTreeMap` is a good deal more of the wasm module.)
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Named(Vec<(String, f64)>);

impl Named {
    /// Sets the number of that name.
    pub fn insert(&mut self, name: &str, value: f64) {
        match self.0.iter().position(|(known, _)| known.as_str() >= name) {
            Some(place) if self.0[place].0 == name => self.0[place].1 = value,
            place => {
                let place = place.unwrap_or(self.0.len());
                self.0.insert(place, (name.to_owned(), value));
            }
        }
    }

    /// The number of that name.
    pub fn get(&self, name: &str) -> Option<f64> {
        self.iter()
            .find(|(known, _)| *known == name)
            .map(|(_, value)| value)
    }

    /// Names and numbers, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, f64)> {
        self.0.iter().map(|(name, value)| (name.as_str(), *value))
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Index<&str> for Named {
    type Output = f64;

    fn index(&self, name: &str) -> &f64 {
        self.0
            .iter()
            .find(|(known, _)| known == name)
            .map_or(&f64::NAN, |(_, value)| value)
    }
}

impl<'a> FromIterator<(&'a str, f64)> for Named {
    fn from_iter<I: IntoIterator<Item = (&'a str, f64)>>(pairs: I) -> Self {
        let mut named = Self::default();
        for (name, value) in pairs {
            named.insert(name, value);
        }
        named
    }
}

impl Serialize for Named {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_in_order_and_set_once() {
        let mut named: Named = [("slope", 1.0), ("beta", 2.0)].into_iter().collect();
        named.insert("slope", 3.0);
        named.insert("gamma", 4.0);
        let pairs: Vec<_> = named.iter().collect();
        assert_eq!(pairs, [("beta", 2.0), ("gamma", 4.0), ("slope", 3.0)]);
        assert_eq!((named.get("slope"), named.get("none")), (Some(3.0), None));
        assert_eq!(named["gamma"], 4.0);
        assert!(named["none"].is_nan() && !named.is_empty());
    }
}
