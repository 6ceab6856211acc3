package workflow

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	// maxText is the most characters of a user or restaurant id.
	maxText = 256
	// maxOrderID is the most characters of an execution name (Step Functions
	// StartExecution), which is the order id.
	maxOrderID = 80
	// maxShown is the most characters of a value that an error repeats.
	maxShown = 40
)

// CheckUserID says what is wrong with a user id; nil means nothing. The text
// follows the name of the field.
func CheckUserID(s string) error { return checkText(s) }

// CheckRestaurantID says what is wrong with a restaurant id; nil means nothing.
func CheckRestaurantID(s string) error { return checkText(s) }

// CheckQuantity says what is wrong with a quantity; nil means nothing. Signs,
// white space and leading zeros are refused: two spellings of one number would
// be two different orders to a reader of the table.
func CheckQuantity(s string) error {
	n, err := strconv.Atoi(s)
	if err == nil && n >= 1 && n <= 999 && strconv.Itoa(n) == s {
		return nil
	}
	if s == "" {
		return errors.New("is empty, must be a whole number from 1 to 999")
	}
	return fmt.Errorf("is %s, must be a whole number from 1 to 999", quote(s))
}

// CheckOrderID says why id cannot name an execution; nil means that it can
// (Step Functions StartExecution, parameter name).
func CheckOrderID(id OrderID) error {
	switch n := utf8.RuneCountInString(string(id)); {
	case n == 0:
		return errors.New("is empty")
	case n > maxOrderID:
		return fmt.Errorf("has %d characters, must have at most %d", n, maxOrderID)
	}
	for _, r := range string(id) {
		if r == utf8.RuneError || unicode.IsControl(r) || unicode.IsSpace(r) || strings.ContainsRune("<>{}[]?*\"#%\\^|~`$&,;:/", r) {
			return fmt.Errorf("contains %s, which the name of an execution must not", strconv.QuoteRune(r))
		}
	}
	return nil
}

func checkText(s string) error {
	if s == "" {
		return errors.New("is empty")
	}
	if !utf8.ValidString(s) {
		return errors.New("is not UTF-8")
	}
	if n := utf8.RuneCountInString(s); n > maxText {
		return fmt.Errorf("has %d characters, must have at most %d", n, maxText)
	}
	for _, r := range s {
		if unicode.IsControl(r) {
			return fmt.Errorf("contains the control character %U", r)
		}
	}
	return nil
}

// quote is s in quotes, cut, with everything unprintable escaped.
func quote(s string) string { return strconv.QuoteToGraphic(cut(s)) }

// cut shortens s to what an error repeats.
func cut(s string) string {
	n := 0
	for i := range s {
		if n == maxShown {
			return s[:i] + "…"
		}
		n++
	}
	return s
}
