package conformance

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// matcher compares answers with recorded ones. Values that vary were replaced
// by placeholders in the recordings; the same placeholder stands for the same
// value in all answers of one recording.
type matcher struct {
	// bound are the values of placeholders so far.
	bound map[string]string
	// free are placeholders that stand for any value, each time another.
	free map[string]bool
	// words are values that a test put plain words in place of, by word.
	words       map[string]string
	differences []string
}

// newMatcher starts with what is known beforehand.
func newMatcher() *matcher {
	m := &matcher{
		bound: map[string]string{"<region>": region, "<partition>": "aws"},
		free:  map[string]bool{},
		words: map[string]string{},
	}
	for word := range strings.FieldsSeq(`
		timestamp datetime date start-time entered-time start-date stop-date sent-timestamp sender-id request-id
		<datetime> <start-time> <entered-time> <approximate-first-receive-timestamp>`) {
		m.free[word] = true
	}
	return m
}

func (m *matcher) differ(at, format string, args ...any) {
	m.differences = append(m.differences, at+": "+fmt.Sprintf(format, args...))
}

// compare notes what is different at a place of the answer.
func (m *matcher) compare(at string, recorded, actual any) {
	if text, ok := actual.(string); ok {
		// The recordings hold JSON texts as what they say.
		if _, parsed := recorded.(map[string]any); parsed {
			if value, ok := parse(text); ok {
				actual = value
			}
		}
	}
	switch recorded := recorded.(type) {
	case map[string]any:
		m.compareObject(at, recorded, actual)
	case []any:
		list, ok := actual.([]any)
		if !ok || len(list) != len(recorded) {
			m.differ(at, "%s instead of %d elements", show(actual), len(recorded))
			return
		}
		for i := range recorded {
			m.compare(fmt.Sprintf("%s[%d]", at, i), recorded[i], list[i])
		}
	case string:
		m.compareText(at, recorded, actual)
	case json.Number:
		number, ok := actual.(json.Number)
		if !ok || !sameNumber(recorded, number) {
			m.differ(at, "%s instead of %s", show(actual), recorded)
		}
	default: // null, true, false
		if recorded != actual {
			m.differ(at, "%s instead of %s", show(actual), show(recorded))
		}
	}
}

func (m *matcher) compareObject(at string, recorded map[string]any, actual any) {
	object, ok := actual.(map[string]any)
	if !ok {
		m.differ(at, "%s instead of an object", show(actual))
		return
	}
	for _, name := range slices.Sorted(maps.Keys(recorded)) {
		value, ok := object[name]
		switch {
		case !ok:
			m.differ(at, "%s is missing", name)
		case isPlaceholderOf(name, recorded[name]):
		default:
			m.compare(at+"."+name, recorded[name], value)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		if _, ok := recorded[name]; !ok {
			m.differ(at, "%s is not recorded: %s", name, show(object[name]))
		}
	}
}

// isPlaceholderOf says whether a value was replaced by the name of its member,
// as recordings do where nothing else refers to it.
func isPlaceholderOf(name string, recorded any) bool {
	text, ok := recorded.(string)
	return ok && text == name && (name == "RequestId" || strings.HasPrefix(strings.ToLower(name), "x-amz"))
}

func (m *matcher) compareText(at, recorded string, actual any) {
	if m.free[recorded] && actual != nil && actual != "" {
		return
	}
	text, ok := actual.(string)
	if !ok {
		m.differ(at, "%s instead of %q", show(actual), recorded)
		return
	}
	for word, value := range m.words {
		recorded = strings.ReplaceAll(recorded, word, value)
	}
	if recorded == text {
		return
	}
	pattern, names := m.pattern(recorded)
	found := pattern.FindStringSubmatch(text)
	if found == nil {
		m.differ(at, "%q instead of %q", text, recorded)
		return
	}
	for i, name := range names {
		m.bind(at, name, found[i+1])
	}
}

// pattern makes an expression of a text with placeholders: what is bound stands
// for itself, the others are its groups.
func (m *matcher) pattern(recorded string) (pattern *regexp.Regexp, names []string) {
	var b strings.Builder
	b.WriteString(`(?s)\A`)
	rest := recorded
	for {
		at := placeholder().FindStringIndex(rest)
		if at == nil {
			break
		}
		b.WriteString(regexp.QuoteMeta(rest[:at[0]]))
		name := rest[at[0]:at[1]]
		switch value, ok := m.bound[name]; {
		case ok:
			b.WriteString(regexp.QuoteMeta(value))
		case slices.Contains(names, name), m.free[name]:
			b.WriteString(".+?")
		default:
			b.WriteString("(.+?)")
			names = append(names, name)
		}
		rest = rest[at[1]:]
	}
	b.WriteString(regexp.QuoteMeta(rest) + `\z`)
	return regexp.MustCompile(b.String()), names
}

// placeholder finds <name> and the plain words that tests of AWS put in for
// role ARNs.
func placeholder() *regexp.Regexp {
	return regexp.MustCompile(`<[A-Za-z0-9_:-]+>|snf_role_arn(_t\d)?`)
}

// bind remembers a placeholder's value. Numbered placeholders of one kind stand
// for different values.
func (m *matcher) bind(at, name, value string) {
	kind, _, numbered := strings.Cut(name, ":")
	for other, taken := range m.bound {
		if numbered && other != name && strings.HasPrefix(other, kind+":") && taken == value {
			m.differ(at, "%s and %s are both %q", name, other, value)
		}
	}
	m.bound[name] = value
}

// meet says what a plain word stands for that a test put into its recording.
func (m *matcher) meet(word, value string) { m.words[word] = value }

// fill puts a value for every placeholder of a recorded one, to make a request
// of it: the bound value, or the placeholder's own name.
func (m *matcher) fill(recorded any) any {
	switch recorded := recorded.(type) {
	case map[string]any:
		filled := map[string]any{}
		for name, value := range recorded {
			filled[m.fillText(name)] = m.fill(value)
		}
		return filled
	case []any:
		filled := make([]any, len(recorded))
		for i := range recorded {
			filled[i] = m.fill(recorded[i])
		}
		return filled
	case string:
		return m.fillText(recorded)
	}
	return recorded
}

func (m *matcher) fillText(text string) string {
	return placeholder().ReplaceAllStringFunc(text, func(name string) string {
		if value, ok := m.bound[name]; ok {
			return value
		}
		return strings.NewReplacer("<", "", ">", "", ":", "-").Replace(name)
	})
}

// parse reads a JSON object.
func parse(text string) (any, bool) {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var value map[string]any
	if d.Decode(&value) != nil || d.More() {
		return nil, false
	}
	return value, true
}

func sameNumber(a, b json.Number) bool {
	if a == b {
		return true
	}
	x, err := a.Float64()
	y, otherErr := b.Float64()
	return err == nil && otherErr == nil && x == y
}

// show writes a value as JSON, cut where it gets long.
func show(value any) string {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return err.Error()
	}
	text := strings.TrimSpace(b.String())
	if len(text) > 300 {
		text = text[:300] + "…"
	}
	return text
}
