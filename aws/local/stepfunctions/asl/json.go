package asl

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
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

func (o *object) get(name string) (any, bool) {
	v, ok := o.values[name]
	return v, ok
}

func (o *object) set(name string, value any) {
	if _, ok := o.values[name]; !ok {
		o.names = append(o.names, name)
	}
	o.values[name] = value
}

// with is a copy in which name has value.
func (o *object) with(name string, value any) *object {
	c := &object{names: slices.Clone(o.names), values: make(map[string]any, len(o.names)+1)}
	maps.Copy(c.values, o.values)
	c.set(name, value)
	return c
}

func parseJSON(text string) (any, error) {
	if !json.Valid([]byte(text)) {
		var ignored any
		return nil, json.Unmarshal([]byte(text), &ignored)
	}
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	v, err := parseValue(d, 0)
	if err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("text after the JSON value")
	}
	return v, nil
}

func parseValue(d *json.Decoder, depth int) (any, error) {
	if depth > maxDepth {
		return nil, fmt.Errorf("document nesting depth (%d) exceeds the maximum allowed (%d)", depth, maxDepth)
	}
	token, err := d.Token()
	if err != nil {
		return nil, err
	}
	delim, ok := token.(json.Delim)
	if !ok {
		return token, nil // a scalar
	}
	if delim == '{' {
		return parseObject(d, depth)
	}
	array := []any{}
	for d.More() {
		v, err := parseValue(d, depth+1)
		if err != nil {
			return nil, err
		}
		array = append(array, v)
	}
	_, err = d.Token()
	return array, err
}

func parseObject(d *json.Decoder, depth int) (any, error) {
	o := newObject()
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return nil, err
		}
		name, ok := key.(string)
		if !ok {
			return nil, errors.New("an object's name is no string")
		}
		v, err := parseValue(d, depth+1)
		if err != nil {
			return nil, err
		}
		o.set(name, v)
	}
	_, err := d.Token()
	return o, err
}

// encode writes compact JSON.
func encode(v any) string {
	var b bytes.Buffer
	write(&b, v, ",", ":")
	return b.String()
}

// encodeSpaced writes JSON as Python does, with a blank behind commas and colons.
func encodeSpaced(v any) string {
	var b bytes.Buffer
	write(&b, v, ", ", ": ")
	return b.String()
}

func write(b *bytes.Buffer, v any, comma, colon string) {
	switch v := v.(type) {
	case nil:
		b.WriteString("null")
	case bool:
		fmt.Fprintf(b, "%t", v)
	case json.Number:
		b.WriteString(v.String())
	case string:
		writeString(b, v)
	case []any:
		b.WriteByte('[')
		for i, e := range v {
			if i > 0 {
				b.WriteString(comma)
			}
			write(b, e, comma, colon)
		}
		b.WriteByte(']')
	case *object:
		b.WriteByte('{')
		for i, name := range v.names {
			if i > 0 {
				b.WriteString(comma)
			}
			writeString(b, name)
			b.WriteString(colon)
			write(b, v.values[name], comma, colon)
		}
		b.WriteByte('}')
	}
}

// writeString escapes what JSON demands and nothing else, as AWS does.
func writeString(b *bytes.Buffer, s string) {
	const short = `btn_fr` // the letters for 0x08 to 0x0d; 0x0b has none
	b.WriteByte('"')
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		case c >= 0x08 && c <= 0x0d && c != 0x0b:
			b.WriteByte('\\')
			b.WriteByte(short[c-0x08])
		case c < 0x20:
			fmt.Fprintf(b, `\u%04X`, c)
		default:
			b.WriteByte(c)
		}
	}
	b.WriteByte('"')
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
