package workflow

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

// MaxInput is the most bytes that Step Functions takes as the input of an
// execution (256 KiB). SQS carries four times as much.
const MaxInput = 256 << 10

// BodyError says why our decoder rejects a message body. The consumer of
// another deployment may think differently.
type BodyError struct {
	// Field is the path of the member at fault ("data.quantity"); "" is the whole body.
	Field string
	// Offset is the byte at which the fault lies, counted from 0.
	Offset int64
	// Problem follows the field's name: `is "three", must be …`. Values of the
	// message stand in it quoted and cut.
	Problem string
}

// Error tells field and problem.
func (e *BodyError) Error() string {
	field := e.Field
	if field == "" {
		field = "the body"
	}
	return field + " " + e.Problem
}

// DecodeBody reads a message body. It is the one decoder, for the consumer and
// for verdicts, so that both always agree. The error is a *BodyError.
//
// Members beside data are the envelope's: they are accepted, and no part of the
// order. A name that appears twice is refused, because readers differ in which one they take.
func DecodeBody(body []byte) (Order, error) {
	order, err := decodeBody(body)
	if err != nil {
		return Order{}, err
	}
	return order, nil
}

func decodeBody(body []byte) (Order, *BodyError) {
	var order Order
	if err := checkSyntax(body); err != nil {
		return order, err
	}
	envelope, err := members(body, "", 0)
	if err != nil {
		return order, err
	}
	data, ok := find(envelope, "data")
	if !ok {
		return order, &BodyError{Field: "data", Problem: "is missing"}
	}
	fields, err := members(data.value, "data", data.offset)
	if err != nil {
		return order, err
	}
	known := []struct {
		name  string
		to    *string
		check func(string) error
	}{
		{"user_id", &order.UserID, CheckUserID},
		{"quantity", &order.Quantity, CheckQuantity},
		{"restaurant_id", &order.RestaurantID, CheckRestaurantID},
	}
	for _, k := range known {
		field := "data." + k.name
		m, ok := find(fields, k.name)
		if !ok {
			return order, &BodyError{Field: field, Offset: data.offset, Problem: "is missing"}
		}
		if m.value[0] != '"' {
			return order, &BodyError{Field: field, Offset: m.offset, Problem: "is " + describe(m.value) + ", must be a string"}
		}
		if err := json.Unmarshal(m.value, k.to); err != nil {
			return order, &BodyError{Field: field, Offset: m.offset, Problem: "is no readable string"}
		}
		if err := k.check(*k.to); err != nil {
			return order, &BodyError{Field: field, Offset: m.offset, Problem: err.Error()}
		}
	}
	for _, m := range fields {
		switch m.name {
		case "user_id", "quantity", "restaurant_id":
		default:
			order.Extra = append(order.Extra, Field{Name: m.name, Value: appendValue(nil, m.value)})
		}
	}
	return order, checkSize(body, order)
}

// CheckJSON says why and where body is no JSON text in UTF-8; nil when it is one.
func CheckJSON(body []byte) error {
	if err := checkSyntax(body); err != nil {
		return err
	}
	return nil
}

// checkSyntax refuses what is no JSON text in UTF-8, and says where.
func checkSyntax(body []byte) *BodyError {
	if len(bytes.TrimSpace(body)) == 0 {
		return &BodyError{Problem: "is empty"}
	}
	if at := invalidUTF8(body); at >= 0 {
		return &BodyError{Offset: int64(at), Problem: fmt.Sprintf("is not UTF-8 at byte %d", at)}
	}
	var whole json.RawMessage
	err := json.Unmarshal(body, &whole)
	if err == nil {
		return nil
	}
	at := int64(len(body))
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok && syntax.Offset > 0 {
		at = syntax.Offset - 1
	}
	if isTruncated(body) {
		return &BodyError{Offset: int64(len(body)), Problem: fmt.Sprintf("is not JSON: it ends too early, at byte %d", len(body))}
	}
	return &BodyError{Offset: at, Problem: fmt.Sprintf("is not JSON at byte %d: %s", at, err)}
}

// isTruncated tells whether body is the beginning of a JSON text.
func isTruncated(body []byte) bool {
	decoder := json.NewDecoder(bytes.NewReader(body))
	var whole json.RawMessage
	err := decoder.Decode(&whole)
	return errors.Is(err, io.ErrUnexpectedEOF)
}

// invalidUTF8 is the index of the first byte that is not UTF-8, -1 when there is none.
func invalidUTF8(b []byte) int {
	for i := 0; i < len(b); {
		r, size := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return -1
}

// checkSize refuses an order that no execution can start with.
func checkSize(body []byte, order Order) *BodyError {
	const slack = 8 << 10 // what EncodeInput adds at most
	if len(body) <= MaxInput-slack {
		return nil
	}
	longest := OrderID(bytes.Repeat([]byte("x"), maxOrderID))
	size := len(EncodeInput(order, longest, maxCreated()))
	if size <= MaxInput {
		return nil
	}
	return &BodyError{Problem: fmt.Sprintf("makes an execution input of %d bytes, must be at most %d", size, MaxInput)}
}

// member is one name and value of a JSON object.
type member struct {
	name  string
	value json.RawMessage
	// offset is where value begins in the body.
	offset int64
}

func find(list []member, name string) (member, bool) {
	for _, m := range list {
		if m.name == name {
			return m, true
		}
	}
	return member{}, false
}

// members reads the object value, which is known to be JSON and begins at
// offset start of the body. path names it in errors.
func members(value []byte, path string, start int64) ([]member, *BodyError) {
	decoder := json.NewDecoder(bytes.NewReader(value))
	if open, err := decoder.Token(); err != nil || open != json.Delim('{') {
		return nil, &BodyError{Field: path, Offset: start, Problem: "is " + describe(value) + ", must be an object"}
	}
	var list []member
	seen := map[string]bool{}
	for decoder.More() {
		token, err := decoder.Token()
		if err != nil {
			return nil, &BodyError{Field: path, Offset: start, Problem: "is not JSON: " + err.Error()}
		}
		name, _ := token.(string) // JSON names are strings
		var raw json.RawMessage
		if err := decoder.Decode(&raw); err != nil {
			return nil, &BodyError{Field: path, Offset: start, Problem: "is not JSON: " + err.Error()}
		}
		at := start + decoder.InputOffset() - int64(len(raw))
		if seen[name] {
			return nil, &BodyError{Field: join(path, name), Offset: at, Problem: "appears twice"}
		}
		seen[name] = true
		list = append(list, member{name: name, value: raw, offset: at})
	}
	return list, nil
}

// join is the path of member name of path. Odd names are quoted.
func join(path, name string) string {
	for _, r := range name {
		if r != '_' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') {
			name = quote(name)
			break
		}
	}
	if path == "" {
		return name
	}
	return path + "." + name
}

// describe names a JSON value for an error.
func describe(value []byte) string {
	switch value = bytes.TrimSpace(value); {
	case len(value) == 0:
		return "nothing"
	case value[0] == '"':
		return "a string"
	case value[0] == '{':
		return "an object"
	case value[0] == '[':
		return "a list"
	case value[0] == 'n':
		return "null"
	case value[0] == 't', value[0] == 'f':
		return string(value)
	default:
		return "the number " + cut(string(value))
	}
}
