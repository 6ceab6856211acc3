package action

// Order tells whose order it is and of what, as far as that is known. The words
// come from outside.
func Order(user, quantity, restaurant string) string {
	what := What(quantity, restaurant)
	switch {
	case user == "":
		return what
	case what == "":
		return user
	}
	return user + " · " + what
}

// What tells what is ordered: 3 × Restaurant 4.
func What(quantity, restaurant string) string {
	switch {
	case quantity == "":
		return restaurant
	case restaurant == "":
		return quantity + " ×"
	}
	return quantity + " × " + restaurant
}
