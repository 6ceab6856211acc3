package jq

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"math/big"
	"slices"
	"strconv"
)

const (
	// woven is to what depth a changed value keeps the text around the change.
	woven = 64
	// deepest is the most levels that Go's decoder reads, and so a consumer's.
	deepest = 10_000
)

// writer makes the text of a body. After the first error it only passes.
type writer struct {
	out []byte
	err error
}

func (w *writer) add(text ...byte) {
	if w.err != nil {
		return
	}
	if w.out = append(w.out, text...); len(w.out) > largest {
		w.err = fmt.Errorf("the expression makes a body of more than %d bytes, which SQS does not take", largest)
	}
}

// weave writes the value that came of another one. What is equal keeps the text
// of raw, which was decoded to was: spaces, the order of members and the digits
// of numbers too.
func (w *writer) weave(raw []byte, was, is any, depth int) {
	if same(was, is, depth) {
		w.add(raw...)
		return
	}
	before, wasObject := was.(map[string]any)
	after, isObject := is.(map[string]any)
	if !wasObject || !isObject || depth >= woven {
		w.value(is, depth)
		return
	}
	parts, unique := members(raw)
	kept := unique && len(before) == len(after)
	for _, p := range parts {
		_, there := after[p.name]
		kept = kept && there
	}
	if kept { // only values differ
		from := 0
		for _, p := range parts {
			w.add(raw[from:p.from]...)
			w.weave(raw[p.from:p.to], before[p.name], after[p.name], depth+1)
			from = p.to
		}
		w.add(raw[from:]...)
		return
	}
	w.rebuild(raw, parts, before, after, depth)
}

// rebuild writes an object that has got or lost members: those that stay first,
// in their order, then the new ones.
func (w *writer) rebuild(raw []byte, parts []member, before, after map[string]any, depth int) {
	w.add('{')
	written := map[string]bool{}
	begin := func(name []byte) {
		if len(written) > 0 {
			w.add(',')
		}
		w.add(name...)
		w.add(':')
	}
	for i, p := range parts {
		value, stays := after[p.name]
		if !stays || slices.ContainsFunc(parts[i+1:], func(later member) bool { return later.name == p.name }) {
			continue // of two members with one name, the last counts
		}
		begin(raw[p.nameFrom:p.nameTo])
		written[p.name] = true
		w.weave(raw[p.from:p.to], before[p.name], value, depth+1)
	}
	for _, name := range slices.Sorted(maps.Keys(after)) {
		if written[name] {
			continue
		}
		begin(encodeText(name))
		written[name] = true
		w.value(after[name], depth+1)
	}
	w.add('}')
}

// value writes a value anew, compact.
func (w *writer) value(v any, depth int) {
	if depth > deepest {
		w.err = errors.Join(w.err, fmt.Errorf("the expression nests deeper than %d levels", deepest))
	}
	if w.err != nil {
		return
	}
	switch v := v.(type) {
	case nil:
		w.add([]byte("null")...)
	case bool:
		w.out = strconv.AppendBool(w.out, v)
	case int:
		w.out = strconv.AppendInt(w.out, int64(v), 10)
	case *big.Int:
		w.add([]byte(v.String())...)
	case json.Number:
		w.add([]byte(v)...)
	case float64:
		w.float(v)
	case string:
		w.add(encodeText(v)...)
	case []any:
		w.add('[')
		for i, element := range v {
			if w.err != nil {
				return // the rest may be millions
			}
			if i > 0 {
				w.add(',')
			}
			w.value(element, depth+1)
		}
		w.add(']')
	case map[string]any:
		w.rebuild(nil, nil, nil, v, depth)
	default:
		w.err = fmt.Errorf("the expression gives a %T, which JSON does not have", v)
	}
}

func (w *writer) float(f float64) {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		w.err = errors.New("the expression gives a number that JSON can't write: not a number, or infinite")
		return
	}
	encoded, err := json.Marshal(f)
	w.err = err
	w.add(encoded...)
}

// encodeText is a string as JSON, in which < and & stay as they are.
func encodeText(s string) []byte {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(s) // a string can always be encoded
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// member is one member of an object: where its name and its value stand.
type member struct {
	name                       string
	nameFrom, nameTo, from, to int
}

// members finds the members of the object raw, which is JSON; unique tells that
// no name comes twice.
func members(raw []byte) (list []member, unique bool) {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	if _, err := decoder.Token(); err != nil {
		return nil, false
	}
	seen := map[string]bool{}
	unique = true
	for decoder.More() {
		before := int(decoder.InputOffset())
		token, err := decoder.Token()
		if err != nil {
			return list, false
		}
		p := member{nameFrom: before + bytes.IndexByte(raw[before:], '"'), nameTo: int(decoder.InputOffset())}
		p.name, _ = token.(string) // names are strings
		var value json.RawMessage
		if decoder.Decode(&value) != nil {
			return list, false
		}
		p.to = int(decoder.InputOffset())
		p.from = p.to - len(value)
		unique = unique && !seen[p.name]
		seen[p.name] = true
		list = append(list, p)
	}
	return list, unique
}

// same tells whether two values are equal, numbers by how they are written.
func same(a, b any, depth int) bool {
	if depth > deepest {
		return false
	}
	switch a := a.(type) {
	case map[string]any:
		b, ok := b.(map[string]any)
		if !ok || len(a) != len(b) {
			return false
		}
		for name, value := range a {
			other, there := b[name]
			if !there || !same(value, other, depth+1) {
				return false
			}
		}
		return true
	case []any:
		b, ok := b.([]any)
		return ok && slices.EqualFunc(a, b, func(x, y any) bool { return same(x, y, depth+1) })
	case json.Number:
		return number(b) == string(a)
	}
	switch b.(type) {
	case map[string]any, []any:
		return false // can't be compared by ==
	}
	return a == b
}

// number is a number as it would be written; "" for anything else.
func number(v any) string {
	switch v := v.(type) {
	case json.Number:
		return string(v)
	case int:
		return strconv.Itoa(v)
	case *big.Int:
		return v.String()
	case float64:
		encoded, _ := json.Marshal(v) // what can't be written equals nothing
		return string(encoded)
	}
	return ""
}
