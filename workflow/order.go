package workflow

import (
	"bytes"
	"encoding/json"
)

// Order is what a customer asks for: the data member of a message body.
type Order struct {
	UserID string
	// Quantity is a whole number from 1 to 999, written as a string on the wire.
	Quantity     string
	RestaurantID string
	// Extra are the members of data that we do not know, in their order.
	Extra []Field
}

// Field is one JSON member that is carried along unread. A nil Value stands for null.
type Field struct {
	Name  string
	Value json.RawMessage
}

// EncodeBody is the message body of order: compact JSON, the known members
// first and in the order of the contract. What DecodeBody gave comes back
// unchanged, but for white space.
func EncodeBody(order Order) []byte {
	b := []byte(`{"data":{"user_id":`)
	b = appendText(b, order.UserID)
	b = append(b, `,"quantity":`...)
	b = appendText(b, order.Quantity)
	b = append(b, `,"restaurant_id":`...)
	b = appendText(b, order.RestaurantID)
	b = appendFields(b, order.Extra)
	return append(b, "}}"...)
}

// appendFields appends each field behind a comma.
func appendFields(b []byte, fields []Field) []byte {
	for _, f := range fields {
		b = append(b, ',')
		b = appendText(b, f.Name)
		b = append(b, ':')
		b = appendValue(b, f.Value)
	}
	return b
}

// appendText appends s as a JSON string. <, > and & stay as they are, so that
// the body is the one that other producers make.
func appendText(b []byte, s string) []byte {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(s) // a string always encodes
	return append(b, bytes.TrimSuffix(text.Bytes(), []byte("\n"))...)
}

// appendValue appends value without white space. What is no JSON becomes a
// string, so that the whole stays readable.
func appendValue(b []byte, value json.RawMessage) []byte {
	if len(value) == 0 {
		return append(b, "null"...)
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, value); err != nil {
		return appendText(b, string(value))
	}
	return append(b, compact.Bytes()...)
}
