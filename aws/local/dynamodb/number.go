package dynamodb

import (
	"math/big"
	"strings"
)

// DynamoDB's numbers: up to 38 significant digits, magnitudes from 1E-130 to
// 9.99...E+125.
const (
	maxDigits = 38
	tooLarge  = "1e126"
	smallest  = "1e-130"
	// places are those behind the point of the smallest with all its digits.
	places = 130 + maxDigits
)

// plainNumber is the text under which DynamoDB stores a number: no exponent, no
// needless zeros. Equal numbers have equal texts.
func plainNumber(text string) (string, error) {
	exact, ok := new(big.Rat), false
	_, power, _ := strings.Cut(strings.ToLower(text), "e")
	if len(text) < 1000 && len(power) < 6 && strings.Trim(text, "+-.0123456789eE") == "" { // more is far too large or small
		exact, ok = exact.SetString(text)
	}
	if !ok {
		return "", invalid("%s", strings.TrimSuffix("The parameter cannot be converted to a numeric value: "+text, ": "))
	}
	plain := strings.TrimSuffix(strings.TrimRight(exact.FloatString(places), "0"), ".")
	magnitude := new(big.Rat).Abs(exact)
	switch {
	case magnitude.Sign() == 0:
		return "0", nil
	case magnitude.Cmp(rational(tooLarge)) >= 0:
		return "", invalid("Number overflow. Attempting to store a number with magnitude larger than supported range")
	case magnitude.Cmp(rational(smallest)) < 0:
		return "", invalid("Number underflow. Attempting to store a number with magnitude smaller than supported range")
	case significant(plain) > maxDigits || rational(plain).Cmp(exact) != 0:
		return "", invalid("Attempting to store more than 38 significant digits in a Number")
	}
	return plain, nil
}

// significant counts the digits of a stored number without the zeros at its ends.
func significant(plain string) int {
	return len(strings.Trim(strings.NewReplacer("-", "", ".", "").Replace(plain), "0"))
}

// rational is a stored number's exact value; 0 for another text.
func rational(plain string) *big.Rat {
	if r, ok := new(big.Rat).SetString(plain); ok {
		return r
	}
	return new(big.Rat)
}

// calculate is the exact sum of two stored numbers, or their difference.
func calculate(a, op, b string) (string, error) {
	x, y := rational(a), rational(b)
	if op == "-" {
		y.Neg(y)
	}
	return plainNumber(x.Add(x, y).FloatString(places))
}
