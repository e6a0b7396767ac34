# Loads a table of the package with the types that datapackage.json declares. Needs jsonlite.
#
#   source("scripts/load.R"); agreements <- techpacts("agreements")
#
# folder: where datapackage.json lies. Text is UTF-8 in any locale, dates are Date, booleans logical, missing is NA.
# A column of whole numbers is integer where R's type holds all of them and numeric where it does not; where one is beyond
# 2^53, up to which numeric is exact, integer64 if bit64 is installed, and otherwise an error: nothing is rounded.
techpacts <- function(table, folder = ".") {
  package <- jsonlite::fromJSON(file.path(folder, "datapackage.json"), simplifyVector = FALSE)
  found <- Filter(function(r) identical(r$name, table), package$resources)
  if (length(found) != 1) {
    stop("there is no table ", table, "; there are: ", paste(vapply(package$resources, `[[`, "", "name"), collapse = ", "))
  }
  resource <- found[[1]]
  types <- vapply(resource$schema$fields, `[[`, "", "type")
  names(types) <- vapply(resource$schema$fields, `[[`, "", "name")
  data <- utils::read.csv(file.path(folder, resource$path), colClasses = "character", na.strings = "",
                          encoding = "UTF-8", check.names = FALSE, stringsAsFactors = FALSE)
  if (!identical(names(data), names(types))) stop(table, ": the columns are not those of datapackage.json")
  for (name in names(types)) {
    column <- data[[name]]
    data[[name]] <- switch(types[[name]],
      integer = {
        number <- as.numeric(column)
        largest <- max(0, abs(number), na.rm = TRUE)
        if (largest <= .Machine$integer.max) {
          as.integer(number)
        } else if (largest < 2^53) {
          number
        } else if (requireNamespace("bit64", quietly = TRUE)) {
          bit64::as.integer64(column)
        } else {
          stop(table, ", column ", name, ", row ", which.max(abs(number)), ": ", column[which.max(abs(number))],
               " is too large for R to hold exactly; install.packages(\"bit64\")")
        }
      },
      number = as.numeric(column),
      boolean = column == "true",
      date = as.Date(column, format = "%Y-%m-%d"),
      column
    )
  }
  data
}

# The types of the columns of a table as readr takes them: readr::read_csv(path, col_types = techpacts_col_types("funding")).
# Whole numbers that R's integer type may not hold are numeric. readr rounds those beyond 2^53 without a word, so a table
# that has one is refused here: techpacts() reads it.
techpacts_col_types <- function(table, folder = ".") {
  package <- jsonlite::fromJSON(file.path(folder, "datapackage.json"), simplifyVector = FALSE)
  found <- Filter(function(r) identical(r$name, table), package$resources)
  if (length(found) != 1) stop("there is no table ", table)
  whole <- vapply(found[[1]]$schema$fields, function(field) field$type == "integer", NA)
  if (any(whole)) {
    read <- utils::read.csv(file.path(folder, found[[1]]$path), colClasses = "character", na.strings = "", check.names = FALSE)
    for (name in vapply(found[[1]]$schema$fields[whole], `[[`, "", "name")) {
      if (any(abs(as.numeric(read[[name]])) >= 2^53, na.rm = TRUE)) {
        stop(table, ", column ", name, ": it has whole numbers that readr would round; use techpacts(\"", table, "\")")
      }
    }
  }
  code <- function(field) {
    limit <- field$constraints$maximum
    small <- !is.null(limit) && limit <= .Machine$integer.max
    switch(field$type, integer = if (small) "i" else "d", number = "d", boolean = "l", date = "D", "c")
  }
  paste(vapply(found[[1]]$schema$fields, code, ""), collapse = "")
}
