package dynamodb

import (
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestPlainNumber(t *testing.T) {
	t.Parallel()
	const thirtyEight = "12345678901234567890123456789012345678"
	for given, want := range map[string]string{
		"1": "1", "-1": "-1", "+1": "1", "007": "7", "1.50": "1.5", ".5": "0.5", "5.": "5", "-0.0": "0",
		"1e3": "1000", "12E-3": "0.012", "0e9": "0", thirtyEight: thirtyEight,
		"1e125":  "1" + strings.Repeat("0", 125),
		"1e-130": "0." + strings.Repeat("0", 129) + "1",
	} {
		if got, err := plainNumber(given); err != nil || got != want {
			t.Errorf("plainNumber(%q) = %q, %v; want %q", given, got, err, want)
		}
	}
}

func TestNumbersThatCannotBeStored(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		"":     "The parameter cannot be converted to a numeric value",
		"abc":  "The parameter cannot be converted to a numeric value: abc",
		".":    "The parameter cannot be converted to a numeric value: .",
		"1e":   "The parameter cannot be converted to a numeric value: 1e",
		"--1":  "The parameter cannot be converted to a numeric value: --1",
		"0x10": "The parameter cannot be converted to a numeric value: 0x10",
		"NaN":  "The parameter cannot be converted to a numeric value: NaN",
		"123456789012345678901234567890123456789": "Attempting to store more than 38 significant digits in a Number",
		"1e1000000":                           "The parameter cannot be converted to a numeric value: 1e1000000",
		"1/2":                                 "The parameter cannot be converted to a numeric value: 1/2",
		"1." + strings.Repeat("0", 300) + "1": "Attempting to store more than 38 significant digits in a Number",
		"1e126":                               "Number overflow. Attempting to store a number with magnitude larger than supported range",
		"1e-131":                              "Number underflow. Attempting to store a number with magnitude smaller than supported range",
	} {
		_, err := plainNumber(given)
		if err == nil || err.Error() != "ValidationException: "+want {
			t.Errorf("plainNumber(%q) error = %v, want %s", given, err, want)
		}
	}
}

// decimals draws numbers that can be stored, near each other often enough.
func decimals() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		return rapid.StringMatching(`-?[0-9]{1,6}(\.[0-9]{1,6})?(e-?[0-9]{1,2})?`).Draw(t, "number")
	})
}

func exact(t *rapid.T, text string) *big.Rat {
	r, ok := new(big.Rat).SetString(text)
	if !ok {
		t.Fatalf("%q is no rational", text)
	}
	return r
}

func TestNumbersAreExact(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := decimals().Draw(t, "a"), decimals().Draw(t, "b")
		x, y := exact(t, a), exact(t, b)
		plainA, err := plainNumber(a)
		if err != nil {
			t.Fatal(err)
		}
		plainB, err := plainNumber(b)
		if err != nil {
			t.Fatal(err)
		}
		if exact(t, plainA).Cmp(x) != 0 {
			t.Fatalf("%s is stored as %s", a, plainA)
		}
		if got := rational(plainA).Cmp(rational(plainB)); got != x.Cmp(y) {
			t.Fatalf("compare(%s, %s) = %d", plainA, plainB, got)
		}
		if (plainA == plainB) != (x.Cmp(y) == 0) {
			t.Fatalf("%s and %s are stored as %s and %s", a, b, plainA, plainB)
		}
		for op, want := range map[string]*big.Rat{"+": new(big.Rat).Add(x, y), "-": new(big.Rat).Sub(x, y)} {
			result, err := calculate(plainA, op, plainB)
			if err == nil && exact(t, result).Cmp(want) != 0 { // an error is more than 38 digits
				t.Fatalf("%s %s %s = %s", plainA, op, plainB, result)
			}
		}
	})
}

func TestSumOfTooManyDigits(t *testing.T) {
	t.Parallel()
	_, err := calculate("1"+strings.Repeat("0", 100), "+", "0.1")
	if err == nil || !strings.Contains(err.Error(), "more than 38 significant digits") {
		t.Errorf("error = %v", err)
	}
}
