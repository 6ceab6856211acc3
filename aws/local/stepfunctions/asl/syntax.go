package asl

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// JSONProblem tells why text is no JSON in the words of AWS's parser, where
// recordings show them.
func JSONProblem(text string, err error) string {
	syntax, ok := errors.AsType[*json.SyntaxError](err)
	if !ok {
		return err.Error()
	}
	if strings.HasPrefix(syntax.Error(), "unexpected end of JSON input") {
		return "Unexpected end-of-input"
	}
	end := min(int(syntax.Offset), len(text))
	word := func(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }
	start, stop := len(strings.TrimRightFunc(text[:end], word)), len(text)-len(strings.TrimLeftFunc(text[end:], word))
	if start < end && !unicode.IsDigit(rune(text[start])) {
		return fmt.Sprintf("Unrecognized token '%s': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')", text[start:stop])
	}
	start = max(end-1, 0)
	c, _ := utf8.DecodeRuneInString(text[start:])
	problem := fmt.Sprintf("Unexpected character ('%c' (code %d))", c, c)
	if strings.HasSuffix(strings.TrimSpace(text[:start]), "{") {
		problem += ": was expecting double-quote to start field name"
	}
	return problem
}

// shorten cuts text to at most so many characters.
func shorten(text string, most int) string {
	for i := range text {
		if most == 0 {
			return text[:i]
		}
		most--
	}
	return text
}
