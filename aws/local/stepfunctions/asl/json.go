package asl

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"orderops/aws/local/wire"
)

// maxDepth is how deep JSON may nest; AWS's own parser stops at the same depth.
const maxDepth = 1000

// Values of a JSON document are nil, bool, json.Number, string, []any and
// *object. Numbers keep their text and objects their order, as AWS keeps them.

// object is a JSON object in the order of its text. A name that comes twice
// keeps its first place and its last value.
type object struct {
	names  []string
	values map[string]any
}

func newObject() *object { return &object{values: map[string]any{}} }

// get finds a member; no object has none.
func (o *object) get(name string) (any, bool) {
	if o == nil {
		return nil, false
	}
	v, ok := o.values[name]
	return v, ok
}

// set gives the object back, so that several can stand in a row.
func (o *object) set(name string, value any) *object {
	if _, ok := o.values[name]; !ok {
		o.names = append(o.names, name)
	}
	o.values[name] = value
	return o
}

// with is a copy in which name has value.
func (o *object) with(name string, value any) *object {
	c := &object{names: slices.Clone(o.names), values: maps.Clone(o.values)}
	return c.set(name, value)
}

func parseJSON(text string) (any, error) {
	var whole json.RawMessage
	if err := json.Unmarshal([]byte(text), &whole); err != nil {
		return nil, err
	}
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	return parseValue(d, 0)
}

// parseValue reads the next value of a text that is known to be JSON: it can
// only nest too deep.
func parseValue(d *json.Decoder, depth int) (value any, err error) {
	if depth > maxDepth {
		return nil, fmt.Errorf("document nesting depth (%d) exceeds the maximum allowed (%d)", depth, maxDepth)
	}
	token, err := d.Token()
	switch token {
	case json.Delim('['):
		array := []any{}
		for err == nil && d.More() {
			value, err = parseValue(d, depth+1)
			array = append(array, value)
		}
		_, _ = d.Token() // the bracket
		return array, err
	case json.Delim('{'):
		o := newObject()
		for err == nil && d.More() {
			name, _ := d.Token()
			value, err = parseValue(d, depth+1)
			o.set(fmt.Sprint(name), value)
		}
		_, _ = d.Token()
		return o, err
	}
	return token, err
}

// encode writes compact JSON and escapes no more than it must.
func encode(v any) string {
	text, _ := wire.Encode(v) // what was read from JSON can be written
	return string(text)
}

// MarshalJSON writes the members in their order.
func (o *object) MarshalJSON() ([]byte, error) {
	text := []byte("{")
	for i, name := range o.names {
		if i > 0 {
			text = append(text, ',')
		}
		text = append(append(text, encode(name)...), ':')
		text = append(text, encode(o.values[name])...)
	}
	return append(text, '}'), nil
}

// encodeSpaced writes JSON as Python does, with a blank behind commas and colons.
func encodeSpaced(v any) string {
	var b bytes.Buffer
	if err := json.Indent(&b, []byte(encode(v)), "", ""); err != nil { // it is JSON
		return err.Error()
	}
	return strings.NewReplacer(",\n", ", ", "\n", "").Replace(b.String())
}

// document is a JSON value with its text. Text that nothing changed is passed
// on as it came.
type document struct {
	value any
	text  string
}

func newDocument(v any) document { return document{value: v, text: encode(v)} }

func parseDocument(text string) (document, error) {
	text = strings.ToValidUTF8(text, "\uFFFD")
	v, err := parseJSON(text)
	return document{value: v, text: text}, err
}

// shorten cuts text to at most so many characters.
func shorten(text string, most int) string {
	for i := range text {
		if most == 0 {
			return text[:i]
		}
		most--
	}
	return text
}
