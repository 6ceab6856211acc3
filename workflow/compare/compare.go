// Package compare tells how two messages differ: their bodies as JSON trees,
// whose order and spaces do not count, and their attributes.
package compare

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"orderops/workflow"
)

// Kind is how a line differs. It is also the sign that stands before it.
type Kind byte

// The kinds.
const (
	Same    Kind = ' '
	Gone    Kind = '-'
	New     Kind = '+'
	Differs Kind = '~'
)

// Line is one value, by its path in the body.
type Line struct {
	Kind Kind
	// Path is "data.quantity", "list[2]" or "line 3". It comes from outside, as
	// the values do.
	Path string
	// Was and Is are compact JSON, or text; empty on the side that has no such value.
	Was, Is string
}

// Difference is all lines, those that are the same too.
type Difference struct {
	Lines []Line
	// Note says what the lines don't: that the bytes differ all the same, or that
	// the bodies were compared as text, and why.
	Note string
}

// Changed is how many lines differ.
func (d Difference) Changed() int {
	n := 0
	for _, l := range d.Lines {
		if l.Kind != Same {
			n++
		}
	}
	return n
}

// Around leaves out what is the same, but for some lines around each change.
// What is left out becomes one line without a path.
func (d Difference) Around(context int) []Line {
	var out []Line
	left := 0
	flush := func() {
		if left > 0 {
			out = append(out, Line{Kind: Same, Was: fmt.Sprintf("… %d the same", left)})
		}
		left = 0
	}
	near := nearest(d.Lines)
	for i, l := range d.Lines {
		if near[i] > context {
			left++
			continue
		}
		flush()
		out = append(out, l)
	}
	flush()
	return out
}

// nearest is how far each line is from the next change.
func nearest(lines []Line) []int {
	const far = 1 << 30 // no change on this side
	near := make([]int, len(lines))
	last := far
	for i, l := range lines {
		if last++; l.Kind != Same {
			last = 0
		}
		near[i] = last
	}
	last = far
	for i, l := range slices.Backward(lines) {
		if last++; l.Kind != Same {
			last = 0
		}
		near[i] = min(near[i], last)
	}
	return near
}

// Bodies compares two bodies. When one of them is no JSON, both are compared
// line by line.
func Bodies(was, is []byte) Difference {
	var d Difference
	wasErr, isErr := workflow.CheckJSON(was), workflow.CheckJSON(is)
	switch {
	case wasErr != nil:
		d.Note = "compared as text: the first is no JSON"
	case isErr != nil:
		d.Note = "compared as text: the second is no JSON"
	}
	if d.Note != "" {
		d.texts(string(was), string(is))
		return d
	}
	d.tree("", bytes.TrimSpace(was), bytes.TrimSpace(is), 0)
	if d.Changed() == 0 && !bytes.Equal(was, is) {
		d.Note = "the same values; the bytes differ in spaces, order or notation"
	}
	return d
}

func (d *Difference) add(kind Kind, path, was, is string) {
	if path == "" {
		path = "the body"
	}
	d.Lines = append(d.Lines, Line{kind, path, was, is})
}

// deepest is the most levels that are told apart; what is deeper is one value.
const deepest = 64

// tree compares two JSON texts.
func (d *Difference) tree(path string, was, is []byte, depth int) {
	a, b := parse(was), parse(is)
	if a.kind != b.kind || a.kind == 0 || depth >= deepest || len(a.names) == 0 && len(b.names) == 0 {
		w, s := a.plain(was), b.plain(is)
		if w == s {
			d.add(Same, path, w, s)
			return
		}
		d.add(Differs, path, w, s)
		return
	}
	for _, name := range a.names {
		at := join(path, name, a.kind)
		if value, both := b.values[name]; both {
			d.tree(at, a.values[name], value, depth+1)
			continue
		}
		d.add(Gone, at, compact(a.values[name]), "")
	}
	for _, name := range b.names {
		if _, both := a.values[name]; !both {
			d.add(New, join(path, name, b.kind), "", compact(b.values[name]))
		}
	}
}

// node is an object or a list with its members by name; kind is its bracket, 0
// for a plain value.
type node struct {
	kind   byte
	names  []string
	values map[string][]byte
}

// parse reads the own members of a JSON text. Of two with one name the last counts.
func parse(raw []byte) node {
	if raw[0] != '{' && raw[0] != '[' {
		return node{}
	}
	n := node{kind: raw[0], values: map[string][]byte{}}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	_, _ = decoder.Token() // the bracket; the text is valid
	for i := 0; decoder.More(); i++ {
		name := strconv.Itoa(i)
		if n.kind == '{' {
			token, _ := decoder.Token()
			name, _ = token.(string)
		}
		var value json.RawMessage
		if decoder.Decode(&value) != nil {
			break
		}
		if _, twice := n.values[name]; !twice {
			n.names = append(n.names, name)
		}
		n.values[name] = value
	}
	return n
}

// plain is a value as it is compared: a text by what it says, not by how it is
// escaped.
func (n node) plain(raw []byte) string {
	if n.kind == 0 && raw[0] == '"' {
		var s string
		var b strings.Builder
		encoder := json.NewEncoder(&b)
		encoder.SetEscapeHTML(false)
		if json.Unmarshal(raw, &s) == nil && encoder.Encode(s) == nil {
			return strings.TrimSuffix(b.String(), "\n")
		}
	}
	return compact(raw)
}

func compact(raw []byte) string {
	var b bytes.Buffer
	if json.Compact(&b, raw) != nil {
		return string(raw)
	}
	return b.String()
}

// join is the path of a member.
func join(path, name string, kind byte) string {
	if kind == '[' {
		return path + "[" + name + "]"
	}
	if name == "" || strings.ContainsAny(name, " .[]\"\\") {
		name = strconv.QuoteToGraphic(name)
	}
	if path == "" {
		return name
	}
	return path + "." + name
}

// texts compares line by line: what is the same at the start and at the end, and
// between them what is gone and what is new.
func (d *Difference) texts(was, is string) {
	a, b := strings.Split(was, "\n"), strings.Split(is, "\n")
	start := 0
	for start < min(len(a), len(b)) && a[start] == b[start] {
		start++
	}
	end := 0
	for end < min(len(a), len(b))-start && a[len(a)-1-end] == b[len(b)-1-end] {
		end++
	}
	number := func(i int) string { return "line " + strconv.Itoa(i+1) }
	for i, line := range a[:len(a)-end] {
		if i < start {
			d.add(Same, number(i), line, line)
			continue
		}
		d.add(Gone, number(i), line, "")
	}
	for i, line := range b[start : len(b)-end] {
		d.add(New, number(start+i), "", line)
	}
	for i, line := range a[len(a)-end:] {
		d.add(Same, number(len(a)-end+i), line, line)
	}
}

// Attributes compares message attributes by type and value.
func Attributes(was, is map[string]workflow.Attribute) Difference {
	var d Difference
	names := slices.Collect(maps.Keys(was))
	for name := range is {
		if _, both := was[name]; !both {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		a, wasThere := was[name]
		b, isThere := is[name]
		switch {
		case !isThere:
			d.add(Gone, name, told(a), "")
		case !wasThere:
			d.add(New, name, "", told(b))
		case told(a) != told(b):
			d.add(Differs, name, told(a), told(b))
		default:
			d.add(Same, name, told(a), told(b))
		}
	}
	return d
}

// told is an attribute in one line.
func told(a workflow.Attribute) string {
	if strings.HasPrefix(a.DataType, "Binary") {
		return fmt.Sprintf("%s %x", a.DataType, a.Binary)
	}
	return a.DataType + " " + strconv.QuoteToGraphic(a.Text)
}
