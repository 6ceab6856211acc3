// Package aws connects the operator to one deployment of the order system: it
// signs in, finds the deployment's parts, and puts the guard, the budget, the
// call log and readable errors into every client.
package aws
