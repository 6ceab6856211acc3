package query

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// term is one condition; all terms of a query must hold.
type term struct {
	negated bool
	// column is "" for a plain word.
	column string
	// fuzzy looks for the letters of a plain word in their order, with gaps.
	fuzzy bool
	// tests are alternatives; one must hold. A plain word has one.
	tests []test
}

// operator says how a test compares.
type operator int

const (
	contains operator = iota
	equals
	less
	lessOrEqual
	more
	moreOrEqual
	between
)

// test is one value to compare with, read in every way that it can be read.
type test struct {
	operator operator
	text     string // lower case
	low      bound
	high     bound // for between
}

// bound is one end of a comparison.
type bound struct {
	number     float64
	isNumber   bool
	duration   time.Duration
	isDuration bool
	time       time.Time
	isTime     bool
}

// Parse reads a query. Columns are the names that `column:value` may use;
// another name is an error, so that a misspelled column does not silently match
// nothing. What is being typed is no error: a column without a value yet and an
// open quote restrict nothing more. The error is a *SyntaxError.
func Parse(text string, columns ...string) (Query, error) {
	q := Query{text: text}
	for _, w := range split(text) {
		t, ok, err := parseTerm(w, columns)
		if err != nil {
			return Query{}, err
		}
		if ok {
			q.terms = append(q.terms, t)
		}
	}
	return q, nil
}

// word is one blank-separated part of a query. Quotes are taken out.
type word struct {
	offset  int
	negated bool
	text    string
	// colon is the place of the first unquoted colon in text, -1 if there is none.
	colon int
	// quoted is the place in text from which on it was quoted, -1 if it never was.
	quoted int
}

// split cuts at blanks outside of quotes.
func split(text string) []word {
	var words []word
	var b strings.Builder
	w := word{offset: -1}
	inside := false
	flush := func() {
		if w.offset >= 0 {
			w.text = b.String()
			words = append(words, w)
		}
		b.Reset()
		w = word{offset: -1}
	}
	for i, r := range text {
		if !inside && (r == ' ' || r == '\t') {
			flush()
			continue
		}
		if w.offset < 0 {
			w = word{offset: i, colon: -1, quoted: -1}
			if r == '!' {
				w.negated = true
				continue
			}
		}
		switch {
		case r == '"':
			if !inside && w.quoted < 0 {
				w.quoted = b.Len()
			}
			inside = !inside
		case r == ':' && !inside && w.colon < 0 && w.quoted < 0:
			w.colon = b.Len()
			b.WriteRune(r)
		default:
			b.WriteRune(r)
		}
	}
	flush()
	return words
}

// parseTerm reads one word; ok is false when it restricts nothing yet.
func parseTerm(w word, columns []string) (t term, ok bool, err error) {
	t.negated = w.negated
	if column, value, is := w.column(columns); is {
		if !slices.Contains(columns, column) {
			return term{}, false, &SyntaxError{
				Offset:  w.offset,
				Problem: fmt.Sprintf("no column %q here; there are %s", column, strings.Join(columns, ", ")),
			}
		}
		t.column = column
		t.tests, err = parseValue(value, w, len(column)+1)
		return t, len(t.tests) > 0, err
	}
	text := w.text
	if w.quoted != 0 {
		text, t.fuzzy = strings.CutPrefix(text, "~")
	}
	if text == "" {
		return term{}, false, nil
	}
	t.tests = []test{{text: strings.ToLower(text)}}
	return t, true, nil
}

// column splits `name:value`. What can't be the name of a column, such as the
// start of an ARN, of an address or of a time, is a plain word.
func (w word) column(columns []string) (name, value string, ok bool) {
	if w.colon <= 0 {
		return "", "", false
	}
	name, value = strings.ToLower(w.text[:w.colon]), w.text[w.colon+1:]
	if slices.Contains(columns, name) {
		return name, value, true
	}
	for _, r := range name {
		if r < 'a' || r > 'z' {
			return "", "", false
		}
	}
	if name == "arn" || strings.HasPrefix(value, "//") {
		return "", "", false
	}
	return name, value, true
}

// parseValue reads the alternatives behind a column's colon, which stand at
// start in the word. A quoted value is taken as it is.
func parseValue(value string, w word, start int) ([]test, error) {
	if w.quoted == start {
		if value == "" {
			return nil, nil
		}
		return []test{textTest(contains, value)}, nil
	}
	if w.quoted == start+1 && value[0] == '=' {
		return []test{textTest(equals, value[1:])}, nil
	}
	var tests []test
	for part := range strings.SplitSeq(value, ",") {
		if part == "" {
			continue
		}
		t, ok, problem := parseTest(part)
		if problem != "" {
			return nil, &SyntaxError{Offset: w.offset, Problem: problem}
		}
		if ok {
			tests = append(tests, t)
		}
	}
	return tests, nil
}

func textTest(op operator, text string) test {
	return test{operator: op, text: strings.ToLower(text), low: parseBound(text)}
}

// parseTest reads one alternative; ok is false when its value is still missing.
func parseTest(part string) (t test, ok bool, problem string) {
	for _, o := range []struct {
		sign     string
		operator operator
	}{{">=", moreOrEqual}, {"<=", lessOrEqual}, {">", more}, {"<", less}} {
		rest, found := strings.CutPrefix(part, o.sign)
		if !found {
			continue
		}
		if rest == "" {
			return test{}, false, ""
		}
		t = textTest(o.operator, rest)
		if !t.low.known() {
			return test{}, false, fmt.Sprintf("%q is no number, duration or date to compare with", rest)
		}
		return t, true, ""
	}
	if rest, found := strings.CutPrefix(part, "="); found {
		return textTest(equals, rest), rest != "", ""
	}
	if low, high, found := strings.Cut(part, ".."); found {
		t = test{operator: between, text: strings.ToLower(part), low: parseBound(low), high: parseBound(high)}
		if t.low.known() && t.high.known() {
			return t, true, ""
		}
	}
	return textTest(contains, part), true, ""
}

func (b bound) known() bool { return b.isNumber || b.isDuration || b.isTime }

// parseBound reads text in every way that it can be read.
func parseBound(text string) bound {
	var b bound
	if n, err := strconv.ParseFloat(text, 64); err == nil {
		b.number, b.isNumber = n, true
	}
	if d, ok := parseDuration(text); ok {
		b.duration, b.isDuration = d, true
	}
	for _, layout := range []string{time.DateOnly, "2006-01-02T15:04", time.RFC3339} {
		if at, err := time.Parse(layout, text); err == nil {
			b.time, b.isTime = at, true
			break
		}
	}
	return b
}

// parseDuration is time.ParseDuration that knows days as well: "3d", "3d4h".
func parseDuration(text string) (time.Duration, bool) {
	days := time.Duration(0)
	if head, rest, found := strings.Cut(text, "d"); found {
		n, err := strconv.ParseUint(head, 10, 16)
		if err != nil {
			return 0, false
		}
		days = time.Duration(n) * 24 * time.Hour
		if rest == "" {
			return days, true
		}
		text = rest
	}
	d, err := time.ParseDuration(text)
	return days + d, err == nil
}
