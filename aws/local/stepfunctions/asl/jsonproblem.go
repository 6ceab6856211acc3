package asl

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
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
	var ignored any
	if end := json.NewDecoder(strings.NewReader(text)).Decode(&ignored); errors.Is(end, io.ErrUnexpectedEOF) || errors.Is(end, io.EOF) {
		return "Unexpected end-of-input"
	}
	at := min(max(int(syntax.Offset)-1, 0), len(text))
	start := at
	for start > 0 && isWord(text[start-1]) {
		start--
	}
	if word := leadingWord(text[start:]); word != "" {
		return fmt.Sprintf("Unrecognized token '%s': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')", word)
	}
	c, _ := utf8.DecodeRuneInString(text[at:])
	if strings.HasSuffix(strings.TrimRight(text[:at], " \t\r\n"), "{") {
		return fmt.Sprintf("Unexpected character ('%c' (code %d)): was expecting double-quote to start field name", c, c)
	}
	if unicode.IsControl(c) {
		return fmt.Sprintf("Illegal unquoted character ((CTRL-CHAR, code %d)): has to be escaped using backslash to be included in string value", c)
	}
	return fmt.Sprintf("Unexpected character ('%c' (code %d))", c, c)
}

func isWord(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// leadingWord is the word at the start of text, "" when there is none or it is a number.
func leadingWord(text string) string {
	end := 0
	for end < len(text) && isWord(text[end]) {
		end++
	}
	if end == 0 || text[0] >= '0' && text[0] <= '9' {
		return ""
	}
	return text[:end]
}
