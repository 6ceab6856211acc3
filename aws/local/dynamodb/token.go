package dynamodb

import (
	"strings"
)

// token is a word of an expression: an identifier, #name, :value, a number or
// an operator. The end is the token "".
type token struct {
	text       string
	start, end int
}

const (
	letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"
	digits  = "0123456789"
)

// tokens cuts an expression into words. Characters that belong nowhere become
// tokens of their own, for the parser to refuse.
func tokens(text string) []token {
	var found []token
	for at := 0; at < len(text); {
		rest := text[at:]
		size := 1
		switch c := rest[0]; {
		case strings.IndexByte(" \t\r\n", c) >= 0:
			at++
			continue
		case c == '#' || c == ':' || strings.IndexByte(letters, c) >= 0:
			size += span(rest[1:], letters+digits)
		case strings.IndexByte(digits, c) >= 0:
			size = span(rest, digits)
		case strings.HasPrefix(rest, "<>"), strings.HasPrefix(rest, "<="), strings.HasPrefix(rest, ">="):
			size = 2
		}
		found = append(found, token{rest[:size], at, at + size})
		at += size
	}
	return found
}

// span is how many leading bytes are in the set.
func span(text, set string) int { return len(text) - len(strings.TrimLeft(text, set)) }

func (t token) identifier() bool {
	return t.text != "" && strings.IndexByte(letters, t.text[0]) >= 0
}
