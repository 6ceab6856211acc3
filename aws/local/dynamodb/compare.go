package dynamodb

import (
	"maps"
	"slices"
	"strings"
)

// compare orders two values of the same kind among S, N and B; ok is false for
// any other pair, which has no order.
func compare(a, b value) (order int, ok bool) {
	switch {
	case a.kind != b.kind:
		return 0, false
	case a.kind == "N":
		return rational(a.text).Cmp(rational(b.text)), true
	}
	return strings.Compare(a.text, b.text), a.kind == "S" || a.kind == "B"
}

// equal tells whether two values are the same.
func equal(a, b value) bool {
	return a.kind == b.kind && a.text == b.text && a.flag == b.flag &&
		slices.EqualFunc(a.list, b.list, equal) && equalItems(a.fields, b.fields)
}

func equalItems(a, b item) bool { return maps.EqualFunc(a, b, equal) }

// size is the stored size in bytes by DynamoDB's published rules: names and
// texts in UTF-8, about two digits of a number per byte, three bytes for a list
// or map and one for each of its elements.
func (v value) size() int {
	switch v.kind {
	case "S", "B":
		return len(v.text)
	case "N":
		return (significant(v.text)+1)/2 + 1 + strings.Count(v.text, "-")
	case "BOOL", "NULL":
		return 1
	}
	total := v.fields.size()
	for _, element := range v.list {
		total += element.size()
	}
	if v.kind == "L" || v.kind == "M" {
		total += 3 + len(v.list) + len(v.fields)
	}
	return total
}

func (i item) size() int {
	total := 0
	for name, v := range i {
		total += len(name) + v.size()
	}
	return total
}
