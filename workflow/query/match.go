package query

import (
	"bytes"
	"cmp"
	"strings"
	"sync"
	"time"
	"unicode/utf8"
)

// Match tells whether the row passes every term at now.
func (q Query) Match(row Row, now time.Time) bool {
	for i := range q.terms {
		if q.terms[i].match(row, now) == q.terms[i].negated {
			return false
		}
	}
	return true
}

// Relative tells whether the answer depends on the time: a row that is left
// alone may pass now and fail later.
func (q Query) Relative() bool {
	for _, t := range q.terms {
		for _, x := range t.tests {
			if t.column != "" && x.low.isDuration {
				return true
			}
		}
	}
	return false
}

func (t *term) match(row Row, now time.Time) bool {
	if t.column == "" {
		return t.matchText(row)
	}
	value, ok := row.Column(t.column)
	if !ok {
		return false
	}
	for i := range t.tests {
		if t.tests[i].match(value, now) {
			return true
		}
	}
	return false
}

// texts are buffers for the texts of rows: kept for 100,000 rows they would be
// most of the memory.
var texts = sync.Pool{New: func() any { return new([]byte) }} //nolint:gochecknoglobals // a pool has to be shared

// matchText looks for a plain word.
func (t *term) matchText(row Row) bool {
	buffer, _ := texts.Get().(*[]byte)
	defer texts.Put(buffer)
	*buffer = row.SearchText((*buffer)[:0])
	word := t.tests[0].text
	if t.fuzzy {
		return subsequence(*buffer, word)
	}
	return bytes.Contains(*buffer, []byte(word))
}

// AppendFolded appends what there is of the parts in lower case, a space behind each.
func AppendFolded(b []byte, parts ...string) []byte {
	for _, p := range parts {
		if p == "" {
			continue
		}
		from := len(b)
		b = append(b, p...)
		for i, c := range b[from:] {
			if c >= utf8.RuneSelf {
				b = append(b[:from], strings.ToLower(p)...)
				break
			}
			b[from+i] = lower(c)
		}
		b = append(b, ' ')
	}
	return b
}

// match compares by the kind of the value. What can't be compared with it does
// not match.
func (t *test) match(v Value, now time.Time) bool {
	switch v.Kind {
	case Number:
		if t.low.isNumber {
			return within(t.operator, cmp.Compare(v.Number, t.low.number), cmp.Compare(v.Number, t.high.number))
		}
	case Duration:
		if t.low.isDuration {
			have := v.Duration
			if t.operator == contains || t.operator == equals {
				have = have.Truncate(time.Second)
			}
			return within(t.operator, cmp.Compare(have, t.low.duration), cmp.Compare(have, t.high.duration))
		}
	case Time:
		return t.matchTime(v.Time, now)
	case Text:
	}
	switch t.operator {
	case equals:
		return strings.EqualFold(v.Text, t.text)
	case contains, between:
		return containsFold(v.Text, t.text)
	default:
		return false
	}
}

// matchTime compares an age with a duration, a time with a date, and else looks
// in the written time.
func (t *test) matchTime(at, now time.Time) bool {
	switch {
	case at.IsZero():
		return false
	case t.low.isDuration:
		age := now.Sub(at).Abs() // of a time to come: how far away it is
		if t.operator == contains {
			return age <= t.low.duration
		}
		return within(t.operator, cmp.Compare(age, t.low.duration), cmp.Compare(age, t.high.duration))
	case t.low.isTime && t.operator != contains && t.operator != equals:
		return within(t.operator, at.Compare(t.low.time), at.Compare(t.high.time))
	default:
		return containsFold(at.UTC().Format(time.RFC3339), t.text)
	}
}

// within judges how a value stands to the low and the high bound.
func within(op operator, low, high int) bool {
	switch op {
	case less:
		return low < 0
	case lessOrEqual:
		return low <= 0
	case more:
		return low > 0
	case moreOrEqual:
		return low >= 0
	case between:
		return low >= 0 && high <= 0
	default:
		return low == 0
	}
}

// containsFold is strings.Contains without regard to case; part is lower case.
// Plain ASCII costs no allocation.
func containsFold(s, part string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return strings.Contains(strings.ToLower(s), part)
		}
	}
	for i := 0; i+len(part) <= len(s); i++ {
		k := 0
		for k < len(part) && lower(s[i+k]) == part[k] {
			k++
		}
		if k == len(part) {
			return true
		}
	}
	return false
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// subsequence tells whether the letters occur in s in their order.
func subsequence(s []byte, letters string) bool {
	for _, r := range letters {
		i := bytes.IndexRune(s, r)
		if i < 0 {
			return false
		}
		s = s[i+utf8.RuneLen(r):]
	}
	return true
}
