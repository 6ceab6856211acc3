// Package workflow is the domain of the order system: orders, messages,
// executions, dead letters and the errors that an operator meets. It knows
// neither AWS nor a terminal and imports the standard library only.
package workflow
