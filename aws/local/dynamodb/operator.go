package dynamodb

// What operators and functions take and give, next to attributes and literals.
const (
	truth  = "truth"  // of a condition
	amount = "amount" // for a comparison
	part   = "part"   // of what SET takes
	sum    = "sum"    // which is not a part of another
)

// operator describes an operator or a function of expressions.
type operator struct {
	takes, gives string
	// level tells what binds more strongly; 0 means a function.
	level int
	// operands is how many there are; 0 means any number.
	operands int
	// kinds are those of an operand that is a literal; nil means all.
	kinds []string
}

// operatorOf describes the operator of that name; without a result there is none.
func operatorOf(name string) operator {
	switch name {
	case "OR":
		return operator{takes: truth, gives: truth, level: 1, operands: 2}
	case "AND":
		return operator{takes: truth, gives: truth, level: 2, operands: 2}
	case "NOT":
		return operator{takes: truth, gives: truth, level: 3, operands: 1}
	case "=", "<>", "<", "<=", ">", ">=", "BETWEEN", "IN":
		return operator{takes: amount, gives: truth, level: 4}
	case "+", "-":
		return operator{takes: part, gives: sum, level: 5, operands: 2, kinds: []string{"N"}}
	case "attribute_exists", "attribute_not_exists":
		return operator{takes: amount, gives: truth, operands: 1}
	case "attribute_type":
		return operator{takes: amount, gives: truth, operands: 2, kinds: []string{"S"}}
	case "begins_with":
		return operator{takes: amount, gives: truth, operands: 2, kinds: []string{"S", "B"}}
	case "contains":
		return operator{takes: amount, gives: truth, operands: 2}
	case "size":
		return operator{takes: amount, gives: amount, operands: 1, kinds: []string{"S", "B", "L", "M", "SS", "NS", "BS"}}
	case "if_not_exists":
		return operator{takes: part, gives: part, operands: 2}
	case "list_append":
		return operator{takes: part, gives: part, operands: 2, kinds: []string{"L"}}
	}
	return operator{}
}
