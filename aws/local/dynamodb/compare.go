package dynamodb

import (
	"slices"
	"strings"
)

// compare orders two values of the same kind among S, N and B; ok is false for
// any other pair, which has no order.
func compare(a, b value) (order int, ok bool) {
	if a.kind != b.kind {
		return 0, false
	}
	switch a.kind {
	case "S", "B":
		return strings.Compare(a.text, b.text), true
	case "N":
		return compareNumbers(a.text, b.text), true
	}
	return 0, false
}

// equal tells whether two values are the same; sets ignore order.
func equal(a, b value) bool {
	if a.kind != b.kind {
		return false
	}
	switch a.kind {
	case "L":
		return slices.EqualFunc(a.list, b.list, equal)
	case "M":
		return equalItems(a.fields, b.fields)
	case "SS", "NS", "BS":
		return slices.Equal(slices.Sorted(slices.Values(a.set)), slices.Sorted(slices.Values(b.set)))
	}
	return a.text == b.text && a.flag == b.flag
}

func equalItems(a, b item) bool {
	if len(a) != len(b) {
		return false
	}
	for name, v := range a {
		other, ok := b[name]
		if !ok || !equal(v, other) {
			return false
		}
	}
	return true
}

// size is the stored size in bytes by DynamoDB's published rules: names and
// texts in UTF-8, about two digits of a number per byte, three bytes for a list
// or map and one for each of its elements.
func (v value) size() int {
	switch v.kind {
	case "S", "B":
		return len(v.text)
	case "N":
		return numberSize(v.text)
	case "L":
		total := 3
		for _, element := range v.list {
			total += 1 + element.size()
		}
		return total
	case "M":
		return 3 + len(v.fields) + v.fields.size()
	case "SS", "NS", "BS":
		total := 0
		for _, element := range v.set {
			if v.kind == "NS" {
				total += numberSize(element)
			} else {
				total += len(element)
			}
		}
		return total
	}
	return 1
}

// numberSize is one byte for every two significant digits and one more, and
// another one for a sign.
func numberSize(text string) int {
	n, _ := parseNumber(text)
	size := (len(n.digits)+1)/2 + 1
	if n.negative {
		size++
	}
	return size
}

func (i item) size() int {
	total := 0
	for name, v := range i {
		total += len(name) + v.size()
	}
	return total
}
