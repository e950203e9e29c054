//! Structs to JSON values.
//!
//! `serde_json::to_value` does the same; since it keys and inserts anew for every type of field, it is three times as
//! much of the wasm module.

use std::fmt;

use serde::ser::{self, Impossible, Serialize, Serializer};
use serde_json::{Map, Value};

/// The JSON value of what the engine tells: structs, lists, maps keyed by text, enums without data or with a tag. What is
/// not finite is null.
pub(crate) fn value_of<T: Serialize + ?Sized>(source: &T) -> Value {
    // What is refused below is no field of anything that is told: a test writes every event and the catalog out.
    source.serialize(Writer).unwrap_or_default()
}

/// There is no such thing in what the engine tells.
#[derive(Debug)]
pub(crate) struct Untold;

impl fmt::Display for Untold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not told in JSON")
    }
}

impl std::error::Error for Untold {}

impl ser::Error for Untold {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

struct Writer;

struct Items(Vec<Value>);

struct Members {
    map: Map<String, Value>,
    key: String,
}

impl Members {
    fn new() -> Self {
        Self {
            map: Map::new(),
            key: String::new(),
        }
    }

    #[inline(never)]
    fn put(&mut self, key: &str, value: Result<Value, Untold>) -> Result<(), Untold> {
        self.map.insert(key.to_owned(), value?);
        Ok(())
    }
}

macro_rules! numbers {
    ($($name:ident: $type:ty),+) => {
        $(fn $name(self, value: $type) -> Result<Value, Untold> {
            Ok(value.into())
        })+
    };
}

impl Serializer for Writer {
    type Ok = Value;
    type Error = Untold;
    type SerializeSeq = Items;
    type SerializeTuple = Items;
    type SerializeTupleStruct = Impossible<Value, Untold>;
    type SerializeTupleVariant = Impossible<Value, Untold>;
    type SerializeMap = Members;
    type SerializeStruct = Members;
    type SerializeStructVariant = Impossible<Value, Untold>;

    numbers!(
        serialize_bool: bool, serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64, serialize_f32: f32,
        serialize_f64: f64, serialize_str: &str
    );

    fn serialize_char(self, value: char) -> Result<Value, Untold> {
        Ok(value.to_string().into())
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<Value, Untold> {
        Err(Untold)
    }

    fn serialize_none(self) -> Result<Value, Untold> {
        Ok(Value::Null)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Value, Untold> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<Value, Untold> {
        Ok(Value::Null)
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<Value, Untold> {
        Ok(Value::Null)
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<Value, Untold> {
        Ok(variant.into())
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<Value, Untold> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<Value, Untold> {
        Err(Untold)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Items, Untold> {
        Ok(Items(Vec::new()))
    }

    fn serialize_tuple(self, _: usize) -> Result<Items, Untold> {
        Ok(Items(Vec::new()))
    }

    fn serialize_tuple_struct(
        self,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleStruct, Untold> {
        Err(Untold)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, Untold> {
        Err(Untold)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Members, Untold> {
        Ok(Members::new())
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Members, Untold> {
        Ok(Members::new())
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, Untold> {
        Err(Untold)
    }
}

impl ser::SerializeSeq for Items {
    type Ok = Value;
    type Error = Untold;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Untold> {
        self.0.push(value.serialize(Writer)?);
        Ok(())
    }

    fn end(self) -> Result<Value, Untold> {
        Ok(Value::Array(self.0))
    }
}

impl ser::SerializeTuple for Items {
    type Ok = Value;
    type Error = Untold;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Untold> {
        ser::SerializeSeq::serialize_element(self, value)
    }

    fn end(self) -> Result<Value, Untold> {
        ser::SerializeSeq::end(self)
    }
}

impl ser::SerializeMap for Members {
    type Ok = Value;
    type Error = Untold;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Untold> {
        match key.serialize(Writer)? {
            Value::String(key) => self.key = key,
            _ => return Err(Untold),
        }
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Untold> {
        let key = std::mem::take(&mut self.key);
        self.put(&key, value.serialize(Writer))
    }

    fn end(self) -> Result<Value, Untold> {
        Ok(Value::Object(self.map))
    }
}

impl ser::SerializeStruct for Members {
    type Ok = Value;
    type Error = Untold;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), Untold> {
        self.put(key, value.serialize(Writer))
    }

    fn end(self) -> Result<Value, Untold> {
        Ok(Value::Object(self.map))
    }
}
