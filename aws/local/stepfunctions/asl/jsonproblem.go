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
	problem, _ := jsonProblem(text, err)
	return problem
}

// jsonLocation tells how far AWS's parser got, as it does for definitions.
func jsonLocation(text string, err error) string {
	_, end := jsonProblem(text, err)
	line := 1 + strings.Count(text[:end], "\n")
	column := 1 + utf8.RuneCountInString(text[strings.LastIndexByte(text[:end], '\n')+1:end])
	source, rest := shorten(text, maxSource), ""
	if more := utf8.RuneCountInString(text[len(source):]); more > 0 {
		rest = fmt.Sprintf("[truncated %d chars]", more)
	}
	return fmt.Sprintf("[Source: (String)\"%s\"%s; line: %d, column: %d]", source, rest, line, column)
}

// maxSource is how much of a text the parser repeats, in characters.
const maxSource = 500

// jsonProblem also tells where what was read ends, in bytes.
func jsonProblem(text string, err error) (problem string, end int) {
	syntax, ok := errors.AsType[*json.SyntaxError](err)
	if !ok {
		return err.Error(), len(text)
	}
	var ignored any
	if end := json.NewDecoder(strings.NewReader(text)).Decode(&ignored); errors.Is(end, io.ErrUnexpectedEOF) || errors.Is(end, io.EOF) {
		return "Unexpected end-of-input", len(text)
	}
	at := min(max(int(syntax.Offset)-1, 0), len(text))
	start := at
	for start > 0 && isWord(text[start-1]) {
		start--
	}
	if word := leadingWord(text[start:]); word != "" {
		return fmt.Sprintf("Unrecognized token '%s': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')", word), start + len(word)
	}
	c, size := utf8.DecodeRuneInString(text[at:])
	end = at + size
	if strings.HasSuffix(strings.TrimRight(text[:at], " \t\r\n"), "{") {
		return fmt.Sprintf("Unexpected character ('%c' (code %d)): was expecting double-quote to start field name", c, c), end
	}
	if unicode.IsControl(c) {
		return fmt.Sprintf("Illegal unquoted character ((CTRL-CHAR, code %d)): has to be escaped using backslash to be included in string value", c), end
	}
	return fmt.Sprintf("Unexpected character ('%c' (code %d))", c, c), end
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
