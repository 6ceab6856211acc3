package stepfunctions

import (
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
)

// Lengths and sizes of pages (API reference of ListExecutions and GetExecutionHistory).
const (
	maxListToken    = 3096
	maxHistoryToken = 1024
	maxPage         = 1000
	defaultPage     = 100
)

// token tells where the next page begins. of ties it to the request's other
// arguments, which must not change between pages.
func token(from int, of string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(strconv.Itoa(from) + " " + of))
}

// page reads maxResults and nextToken: how many, and where to begin.
func page(size int, next, of string, maxToken int) (count, from int, err error) {
	switch {
	case size > maxPage:
		return 0, 0, invalid("Value '%d' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to %d", size, maxPage)
	case size < 0:
		return 0, 0, invalid("Value '%d' at 'maxResults' failed to satisfy constraint: Member must have value greater than or equal to 0", size)
	case size == 0:
		size = defaultPage
	}
	if next == "" {
		return size, 0, nil
	}
	if err := longest(next, "nextToken", maxToken); err != nil {
		return 0, 0, err
	}
	text, err := base64.RawURLEncoding.DecodeString(next)
	number, rest, ok := strings.Cut(string(text), " ")
	from, numberErr := strconv.Atoi(number)
	if err != nil || numberErr != nil || !ok || rest != of || from < 0 {
		return 0, 0, refusal("InvalidToken", "Invalid Token: 'Invalid token'")
	}
	return size, from, nil
}

// arguments names what a token belongs to.
func arguments(parts ...any) string { return fmt.Sprintf("%q", parts) }
