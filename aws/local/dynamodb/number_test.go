package dynamodb

import (
	"strings"
	"testing"
)

func TestNumbers(t *testing.T) {
	t.Parallel()
	const plainly = "A number with an exponent, needless zeros or more than 38 digits is not supported by the local AWS"
	for given, want := range map[string]string{
		"0": "", "1": "", "-1": "", "10": "", "1.5": "", "-0.01": "", "12345678901234567890.123456789012345678": "",
		"1" + strings.Repeat("0", 100): "",
		"":                             "The parameter cannot be converted to a numeric value: ",
		"abc":                          "The parameter cannot be converted to a numeric value: abc",
		"NaN":                          "The parameter cannot be converted to a numeric value: NaN",
		"-0":                           plainly,
		"+1":                           plainly,
		"007":                          plainly,
		"1.50":                         plainly,
		"1.0":                          plainly,
		".5":                           plainly,
		"5.":                           plainly,
		"1e3":                          plainly,
		"1/2":                          plainly,
		strings.Repeat("9", 39):        plainly,
	} {
		err := checkNumber(given)
		if want == "" && err != nil || want != "" && (err == nil || err.Error() != "ValidationException: "+want) {
			t.Errorf("checkNumber(%q): %v, want %q", given, err, want)
		}
	}
}

func TestNumbersAreOrdered(t *testing.T) {
	t.Parallel()
	ascending := []string{"-1" + strings.Repeat("0", 60), "-10", "-9.5", "-9", "0", "0.5", "1", "9", "10", "123456789012345678901234567890"}
	for n, a := range ascending {
		for m, b := range ascending {
			if got := compareNumbers(a, b); got > 0 != (n > m) || got == 0 != (n == m) {
				t.Errorf("compare(%s, %s) = %d", a, b, got)
			}
		}
	}
}
