package workflow

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// Change is one place in which two JSON documents differ.
type Change struct {
	// Path leads there, such as order.items[2]; "" is the whole document.
	Path string
	// Before and After are what stands there, as JSON in one line; "" is nothing.
	Before, After string
}

// Changes are the places in which two JSON documents differ, objects by the
// alphabet of their members. How a document is laid out or escaped is no
// difference. It is nil when one of them is no JSON.
func Changes(before, after string) []Change {
	a, okA := decoded(before)
	b, okB := decoded(after)
	if !okA || !okB {
		return nil
	}
	return changes(nil, "", a, b)
}

func decoded(document string) (value any, ok bool) {
	d := json.NewDecoder(strings.NewReader(document))
	d.UseNumber()
	return value, d.Decode(&value) == nil
}

func changes(list []Change, path string, a, b any) []Change {
	switch a := a.(type) {
	case map[string]any:
		if b, ok := b.(map[string]any); ok {
			return memberChanges(list, path, a, b)
		}
	case []any:
		if b, ok := b.([]any); ok {
			return itemChanges(list, path, a, b)
		}
	}
	if before, after := oneLine(a), oneLine(b); before != after {
		list = append(list, Change{path, before, after})
	}
	return list
}

func memberChanges(list []Change, path string, a, b map[string]any) []Change {
	names := map[string]bool{}
	for name := range a {
		names[name] = true
	}
	for name := range b {
		names[name] = true
	}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		at := pathOf(path, name)
		old, had := a[name]
		value, has := b[name]
		switch {
		case !had:
			list = append(list, Change{Path: at, After: oneLine(value)})
		case !has:
			list = append(list, Change{Path: at, Before: oneLine(old)})
		default:
			list = changes(list, at, old, value)
		}
	}
	return list
}

func itemChanges(list []Change, path string, a, b []any) []Change {
	for i := range max(len(a), len(b)) {
		at := path + "[" + strconv.Itoa(i) + "]"
		switch {
		case i >= len(a):
			list = append(list, Change{Path: at, After: oneLine(b[i])})
		case i >= len(b):
			list = append(list, Change{Path: at, Before: oneLine(a[i])})
		default:
			list = changes(list, at, a[i], b[i])
		}
	}
	return list
}

// pathOf is the path of a member: a name that is no plain word stands in quotes.
func pathOf(path, name string) string {
	plain := func(r rune) bool { return r == '_' || r == '-' || unicode.IsLetter(r) || unicode.IsDigit(r) }
	switch {
	case name == "" || strings.ContainsFunc(name, func(r rune) bool { return !plain(r) }):
		return path + "[" + oneLine(name) + "]"
	case path == "":
		return name
	}
	return path + "." + name
}

// oneLine is a decoded value as compact JSON, in which < and & stay as they are.
func oneLine(value any) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if e.Encode(value) != nil { // what was decoded can be encoded
		return ""
	}
	return strings.TrimSuffix(b.String(), "\n")
}
