"""What is payable: the calculation with its trace, what it saves, what the rules are told of policy and plan."""
