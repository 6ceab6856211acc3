package dynamodb

import (
	"math/big"
	"regexp"
	"strings"
)

// checkNumber takes numbers as DynamoDB stores them: up to 38 digits without an
// exponent or needless zeros. Equal numbers have equal texts.
func checkNumber(text string) error {
	if _, ok := new(big.Rat).SetString(text); !ok {
		return invalid("The parameter cannot be converted to a numeric value: %s", text)
	}
	if !regexp.MustCompile(`^(0|-?[1-9]\d*|-?(0|[1-9]\d*)\.\d*[1-9])$`).MatchString(text) || digits(text) > 38 {
		return unsupported("A number with an exponent, needless zeros or more than 38 digits")
	}
	return nil
}

// digits counts those of a number without the zeros at its ends.
func digits(text string) int {
	return len(strings.Trim(strings.NewReplacer("-", "", ".", "").Replace(text), "0"))
}

// compareNumbers orders two stored numbers.
func compareNumbers(a, b string) int {
	x, _ := new(big.Rat).SetString(a)
	y, _ := new(big.Rat).SetString(b)
	return x.Cmp(y)
}
