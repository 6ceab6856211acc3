package dynamodb

import (
	"regexp"
	"unicode"
)

// token is a word of an expression: an identifier, #name, :value, a number or
// an operator. The end is the token "".
type token struct {
	text string
	// start and end are places in the expression.
	start, end int
}

// tokens cuts an expression into words. Characters that belong nowhere become
// tokens of their own, for the parser to refuse.
func tokens(text string) (found []token) {
	for _, at := range regexp.MustCompile(`[#:]?[A-Za-z_0-9]+|<>|<=|>=|[^ \t\r\n]`).FindAllStringIndex(text, -1) {
		found = append(found, token{text[at[0]:at[1]], at[0], at[1]})
	}
	return found
}

func (t token) identifier() bool {
	return t.text != "" && (t.text[0] == '_' || t.text[0] < unicode.MaxASCII && unicode.IsLetter(rune(t.text[0])))
}
