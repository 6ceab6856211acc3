package dynamodb

import (
	"cmp"
	"math/big"
	"strconv"
	"strings"
)

// DynamoDB's numbers: up to 38 significant digits, magnitudes from 1E-130 to
// 9.99...E+125.
const (
	maxDigits    = 38
	maxMagnitude = 125
	minMagnitude = -130
)

// number is a decimal: 0.<digits> times ten to the power of exponent. Digits
// neither start nor end with a zero, so that equal numbers are equal structs;
// none mean zero.
type number struct {
	negative bool
	digits   string
	exponent int
}

// parseNumber reads a decimal in plain or scientific notation.
func parseNumber(text string) (n number, ok bool) {
	mantissa, power, scientific := strings.Cut(strings.ToLower(text), "e")
	exponent := 0
	if scientific {
		var err error
		if exponent, err = strconv.Atoi(power); err != nil || exponent > 1_000_000 || exponent < -1_000_000 {
			return number{}, false
		}
	}
	switch {
	case strings.HasPrefix(mantissa, "-"):
		n.negative, mantissa = true, mantissa[1:]
	case strings.HasPrefix(mantissa, "+"):
		mantissa = mantissa[1:]
	}
	whole, fraction, _ := strings.Cut(mantissa, ".")
	digits := whole + fraction
	if digits == "" || strings.Trim(digits, "0123456789") != "" {
		return number{}, false
	}
	n.exponent = len(whole) + exponent
	n.digits = strings.TrimLeft(digits, "0")
	n.exponent -= len(digits) - len(n.digits)
	n.digits = strings.TrimRight(n.digits, "0")
	if n.digits == "" {
		return number{}, true
	}
	return n, true
}

// check refuses what DynamoDB cannot store.
func (n number) check() error {
	switch {
	case n.digits == "":
		return nil
	case n.exponent-1 > maxMagnitude:
		return invalid("Number overflow. Attempting to store a number with magnitude larger than supported range")
	case n.exponent-1 < minMagnitude:
		return invalid("Number underflow. Attempting to store a number with magnitude smaller than supported range")
	case len(n.digits) > maxDigits:
		return invalid("Attempting to store more than 38 significant digits in a Number")
	}
	return nil
}

// String writes the number without an exponent.
func (n number) String() string {
	if n.digits == "" {
		return "0"
	}
	var text string
	switch {
	case n.exponent <= 0:
		text = "0." + strings.Repeat("0", -n.exponent) + n.digits
	case n.exponent >= len(n.digits):
		text = n.digits + strings.Repeat("0", n.exponent-len(n.digits))
	default:
		text = n.digits[:n.exponent] + "." + n.digits[n.exponent:]
	}
	if n.negative {
		return "-" + text
	}
	return text
}

// plainNumber is the text under which DynamoDB stores a number: no exponent, no
// needless zeros.
func plainNumber(text string) (string, error) {
	if text == "" {
		return "", invalid("The parameter cannot be converted to a numeric value")
	}
	n, ok := parseNumber(text)
	if !ok {
		return "", invalid("The parameter cannot be converted to a numeric value: %s", text)
	}
	if err := n.check(); err != nil {
		return "", err
	}
	return n.String(), nil
}

// compareNumbers orders two stored numbers exactly.
func compareNumbers(a, b string) int {
	x, _ := parseNumber(a)
	y, _ := parseNumber(b)
	if order := cmp.Compare(x.sign(), y.sign()); order != 0 || x.sign() == 0 {
		return order
	}
	magnitude := cmp.Or(cmp.Compare(x.exponent, y.exponent), strings.Compare(x.digits, y.digits))
	return magnitude * x.sign()
}

func (n number) sign() int {
	switch {
	case n.digits == "":
		return 0
	case n.negative:
		return -1
	}
	return 1
}

// add is the exact sum of two stored numbers.
func add(a, b string) (string, error) {
	x, _ := parseNumber(a)
	y, _ := parseNumber(b)
	unit := min(x.exponent-len(x.digits), y.exponent-len(y.digits))
	sum := new(big.Int).Add(x.scaled(unit), y.scaled(unit))
	n, _ := parseNumber(sum.String() + "e" + strconv.Itoa(unit))
	if err := n.check(); err != nil {
		return "", err
	}
	return n.String(), nil
}

// negate turns the sign of a stored number.
func negate(a string) string {
	n, _ := parseNumber(a)
	n.negative = !n.negative && n.digits != ""
	return n.String()
}

// scaled is the number counted in units of ten to the power of unit, which must
// not be above its last digit.
func (n number) scaled(unit int) *big.Int {
	i := new(big.Int)
	if n.digits == "" {
		return i
	}
	i.SetString(n.digits+strings.Repeat("0", n.exponent-len(n.digits)-unit), 10)
	if n.negative {
		i.Neg(i)
	}
	return i
}
