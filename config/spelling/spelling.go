// Package spelling guesses what somebody meant to write.
package spelling

// Nearest is the word that takes the fewest letters put in, taken out or changed
// to come to; "" among none.
func Nearest(word string, among ...string) string {
	best, least := "", 0
	for _, one := range among {
		if d := Distance(word, one); best == "" || d < least {
			best, least = one, d
		}
	}
	return best
}

// Distance is how many letters have to be put in, taken out or changed.
func Distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
